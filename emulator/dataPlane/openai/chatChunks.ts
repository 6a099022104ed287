import type { Switches } from "../../switches";
import type { Generated, ToolCall } from "../generation";
import { piecesOf } from "../models";

/** What every chunk of an answer has in common. */
export interface ChatFrame {
  id: string;
  created: number;
  model: string;
}

interface Call {
  index: number;
  id: string;
  type: string;
  function: { name: string; arguments: string };
}

type Delta = { role?: string; content?: string; tool_calls?: Call[] };

/** A tool call as a chat completion shows it. Models of Yandex name it as its function, the others by an id. */
export const shownCall = (call: ToolCall, index: number, ownIds: boolean, frame: ChatFrame): Call => ({
  index,
  id: ownIds ? call.name : `chatcmpl-tool-${frame.id.replace(/^chatcmpl-|-/g, "")}${index}`,
  type: "function",
  function: { name: call.name, arguments: JSON.stringify(call.arguments) },
});

export const usageOf = ({ usage: { prompt, completion } }: Generated) => ({
  prompt_tokens: prompt,
  total_tokens: prompt + completion,
  completion_tokens: completion,
});

/**
 * A streamed chat completion as recorded: `finish_reason` is left out until the end. A model of Yandex begins with role and
 * text and ends with the last text; one that the cloud hosts begins with the role alone, ends with an empty delta, and sends its
 * usage in a chunk without choices, which nobody has to ask for.
 */
export function* chunksOf(
  frame: ChatFrame,
  choices: Generated[],
  form: "own" | "open",
  usageChunk: Switches["usageChunk"],
): Generator<object> {
  const chunk = (index: number, delta: Delta, finish_reason?: string) => ({
    ...frame,
    object: "chat.completion.chunk",
    choices: [{ index, delta, ...(finish_reason && { finish_reason }) }],
  });
  for (const [index, generated] of choices.entries()) {
    const deltas = form === "own" ? ownDeltas(frame, generated) : openDeltas(frame, generated);
    for (const [position, delta] of deltas.entries())
      yield chunk(index, delta, position === deltas.length - 1 ? generated.finish : undefined);
  }
  const first = choices[0];
  if (first && (usageChunk === "always" || (usageChunk === "recorded" && form === "open")))
    yield { ...frame, object: "chat.completion.chunk", choices: [], usage: usageOf(first) };
}

function ownDeltas(frame: ChatFrame, { text, calls }: Generated): Delta[] {
  if (calls.length > 0)
    return [{ role: "assistant", tool_calls: calls.map((call, index) => shownCall(call, index, true, frame)) }];
  const [first = "", ...rest] = piecesOf(text);
  return [{ role: "assistant", content: first }, ...rest.map((content) => ({ content }))];
}

function openDeltas(frame: ChatFrame, { text, calls }: Generated): Delta[] {
  const parts = calls.flatMap((call, index) => {
    const whole = shownCall(call, index, false, frame);
    const pieces = piecesOf(whole.function.arguments);
    const head: Call = { ...whole, function: { name: call.name, arguments: "" } };
    const tail = pieces.map((piece): Call => ({ index, id: "", type: "", function: { name: "", arguments: piece } }));
    return [head, ...tail].map((part) => ({ tool_calls: [part] }));
  });
  return [{ role: "assistant" }, ...piecesOf(text).map((content) => ({ content })), ...parts, {}];
}
