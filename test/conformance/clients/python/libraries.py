"""Libraries that others wrote, each over the OpenAI-compatible API, and the client of MCP. Each is imported when it is first asked for."""

import asyncio
import os

from worker import Refused, serve

TOOL_TEXT = "add 5 and 4"
TOOL = {
    "type": "function",
    "function": {
        "name": "add",
        "description": "Adds numbers",
        "parameters": {
            "type": "object",
            "properties": {"numbers": {"type": "array", "items": {"type": "integer"}}},
            "required": ["numbers"],
        },
    },
}


def base_url():
    return f"{os.environ['CLOUD_URL']}/v1"


def goods():
    import pydantic

    class Goods(pydantic.BaseModel):
        name: str
        amounts: list[int]

    return Goods


def openai_client(order, asynchronous=False):
    import openai

    kind = openai.AsyncOpenAI if asynchronous else openai.OpenAI
    return kind(api_key=order["key"], base_url=base_url(), project=order["folderId"], max_retries=0)


def openai_calls(order):
    client, model, text = openai_client(order), order["model"], order["text"]
    ask = {"model": model, "messages": [{"role": "user", "content": text}]}

    def stream():
        chunks = client.chat.completions.create(**ask, stream=True)
        return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)

    def embedding():
        emb = f"emb://{order['folderId']}/text-search-doc/latest"
        return len(client.embeddings.create(model=emb, input=text, encoding_format="float").data[0].embedding)

    def background():
        made = client.responses.create(model=model, input=text, background=True)
        return client.responses.retrieve(made.id).output_text

    def store():
        file = client.files.create(file=("fruit.txt", b"Apples are red."), purpose="assistants")
        made = client.vector_stores.create(file_ids=[file.id])
        return client.vector_stores.search(made.id, query="red apples").data[0].filename

    return {
        "chat": lambda: client.chat.completions.create(**ask).choices[0].message.content,
        "stream": stream,
        "format": lambda: client.chat.completions.parse(**ask, response_format=goods())
        .choices[0]
        .message.parsed.model_dump(),
        "tool": lambda: client.chat.completions.create(**ask, tools=[TOOL], tool_choice="required")
        .choices[0]
        .message.tool_calls[0]
        .function.arguments,
        "response": lambda: client.responses.create(model=model, input=text).output_text,
        "embedding": embedding,
        "background": background,
        "store": store,
    }


def litellm_calls(order):
    # Its list of prices would come from another machine.
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    import litellm

    # It would print advice among the answers.
    litellm.suppress_debug_info = True

    def ask(**more):
        return litellm.completion(
            model=f"openai/{order['model']}",
            api_base=base_url(),
            api_key=order["key"],
            messages=[{"role": "user", "content": order["text"]}],
            num_retries=0,
            **more,
        )

    def stream():
        return "".join(chunk.choices[0].delta.content or "" for chunk in ask(stream=True) if chunk.choices)

    return {
        "chat": lambda: ask().choices[0].message.content,
        "stream": stream,
        "tool": lambda: ask(tools=[TOOL], tool_choice="required").choices[0].message.tool_calls[0].function.arguments,
    }


def langchain_calls(order):
    from langchain_openai import ChatOpenAI

    model = ChatOpenAI(model=order["model"], api_key=order["key"], base_url=base_url(), max_retries=0)
    text = order["text"]
    return {
        "chat": lambda: model.invoke(text).content,
        "stream": lambda: "".join(chunk.content for chunk in model.stream(text)),
        "format": lambda: model.with_structured_output(goods()).invoke(text).model_dump(),
        "tool": lambda: model.bind_tools([TOOL], tool_choice="required").invoke(text).tool_calls[0]["args"],
    }


def pydantic_ai_calls(order):
    from pydantic_ai import Agent
    from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
    from pydantic_ai.providers.openai import OpenAIProvider

    provider = OpenAIProvider(openai_client=openai_client(order, asynchronous=True))
    chat = OpenAIChatModel(order["model"], provider=provider)
    responses = OpenAIResponsesModel(order["model"], provider=provider)

    def tool():
        agent = Agent(chat)

        @agent.tool_plain
        def add(numbers: list[int]) -> str:
            return f"sum {sum(numbers)}"

        return agent.run_sync(order["text"]).output

    return {
        "chat": lambda: Agent(chat).run_sync(order["text"]).output,
        "format": lambda: Agent(chat, output_type=goods()).run_sync(order["text"]).output.model_dump(),
        "tool": tool,
        "response": lambda: Agent(responses).run_sync(order["text"]).output,
    }


def instructor_calls(order):
    import instructor

    client = instructor.from_openai(openai_client(order))
    messages = [{"role": "user", "content": order["text"]}]
    return {
        "format": lambda: client.chat.completions.create(
            model=order["model"], messages=messages, response_model=goods(), max_retries=1
        ).model_dump()
    }


def openai_agents_calls(order):
    import agents

    agents.set_tracing_disabled(True)
    client = openai_client(order, asynchronous=True)

    @agents.function_tool
    def add(numbers: list[int]) -> str:
        return f"sum {sum(numbers)}"

    def run(model, tools=()):
        agent = agents.Agent(name="shop", model=model, tools=list(tools))
        return agents.Runner.run_sync(agent, order["text"]).final_output

    chat = agents.OpenAIChatCompletionsModel(model=order["model"], openai_client=client)
    responses = agents.OpenAIResponsesModel(model=order["model"], openai_client=client)
    return {
        "chat": lambda: run(chat),
        "response": lambda: run(responses),
        "tool": lambda: run(responses, [add]),
    }


def mcp_calls(order):
    from mcp import Client
    from mcp.client.streamable_http import create_mcp_http_client, streamable_http_client

    async def session():
        headers = {"authorization": f"Api-Key {order['key']}"}
        async with create_mcp_http_client(headers=headers) as http:
            async with Client(streamable_http_client(order["address"], http_client=http)) as client:
                tools = (await client.list_tools()).tools
                answer = await client.call_tool(tools[0].name, {"id": "1"})
                return [tools[0].name, answer.content[0].text]

    return {"mcp": lambda: asyncio.run(session())}


CLIENTS = {
    "openai": openai_calls,
    "litellm": litellm_calls,
    "langchain-openai": langchain_calls,
    "pydantic-ai-slim": pydantic_ai_calls,
    "instructor": instructor_calls,
    "openai-agents": openai_agents_calls,
    "mcp": mcp_calls,
}


def status_of(error):
    """The HTTP status with which the cloud refused, however deep the library has wrapped it."""
    while error is not None:
        for source in (error, getattr(error, "response", None)):
            status = getattr(source, "status_code", None)
            if isinstance(status, int):
                return status
        error = error.__cause__ or error.__context__
    return None


def run(order):
    try:
        return CLIENTS[order["client"]](order)[order["call"]]()
    except Exception as error:
        status = status_of(error)
        if status is None:
            raise
        raise Refused(status, str(error)) from error


serve(run)
