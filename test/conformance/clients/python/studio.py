"""The vendor's SDK for AI Studio: the native gRPC API with and without TLS, and the OpenAI-compatible API over HTTP."""

import json
import os
import tempfile

import grpc
import httpx
from worker import Refused, serve
from yandex_ai_studio_sdk import AIStudio
from yandex_ai_studio_sdk.auth import APIKeyAuth, IAMTokenAuth


def open_studio(order, tls):
    credentials = order["as"]
    address = os.environ["CLOUD_TLS_ENDPOINT" if tls else "CLOUD_ENDPOINT"]
    return AIStudio(
        folder_id=order["folderId"],
        auth=IAMTokenAuth(credentials["token"]) if "token" in credentials else APIKeyAuth(credentials["apiKey"]),
        endpoint=address,
        verify=os.environ["CLOUD_CA_FILE"] if tls else False,
        service_map={"http_completions": f"{os.environ['CLOUD_TLS_URL' if tls else 'CLOUD_URL']}/v1/"},
    )


def native(studio, order):
    return studio.models.completions(order["model"]).run(order["text"])[0].text


def native_stream(studio, order):
    *_, last = studio.models.completions(order["model"]).run_stream(order["text"])
    return last[0].text


def http(studio, order):
    return studio.chat.completions(order["model"]).run(order["text"])[0].text


def embedding(studio, order):
    return len(studio.models.text_embeddings(order["model"]).run(order["text"]).embedding)


def dataset(studio, order):
    """Makes one of a file, renames it, reads it again, and has it in the list."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonlines") as file:
        file.write(json.dumps({"request": [{"role": "user", "text": "Hi"}], "response": "Hello"}) + "\n")
        file.flush()
        draft = studio.datasets.draft_from_path(
            file.name, task_type="TextToTextGeneration", upload_format="jsonlines", name=order["text"]
        )
        made = draft.upload(poll_interval=0.05)
    made.update(description="changed")
    seen = studio.datasets.get(made.id)
    listed = [each.id for each in studio.datasets.list()]
    return {"id": made.id, "name": seen.name, "description": seen.description, "status": seen.status.name, "listed": listed}


def delete_dataset(studio, order):
    studio.datasets.get(order["id"]).delete()


def tune(studio, order):
    made = studio.models.completions(order["model"]).tune(order["id"], name="tuned", poll_interval=0.05)
    return made.run(order["text"])[0].text


WAYS = {
    "native": native,
    "nativeStream": native_stream,
    "http": http,
    "embedding": embedding,
    "dataset": dataset,
    "deleteDataset": delete_dataset,
    "tune": tune,
}


def run(order):
    try:
        return WAYS[order["call"]](open_studio(order, order.get("tls", False)), order)
    except grpc.RpcError as error:
        raise Refused(error.code().value[0], error.details()) from error
    except httpx.HTTPStatusError as error:
        raise Refused(error.response.status_code, error.response.text) from error


serve(run)
