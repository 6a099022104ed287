import { WebSocket } from "ws";
import type { Maker } from "./case";
import { LIMIT_MS } from "./target";
import { nastyValue, spoiled, spoiledBytes } from "./values";

const events = [
  { type: "session.update", session: { instructions: "Be brief", modalities: ["text"], tools: [] } },
  {
    type: "conversation.item.create",
    item: { type: "message", role: "user", content: [{ type: "input_text", text: "hi" }] },
  },
  { type: "response.create", response: { modalities: ["text"] } },
  { type: "input_audio_buffer.append", audio: "AAAA" },
  { type: "conversation.item.delete", item_id: "item_1" },
];

/** A Realtime session that gets right and wrong events; each has to be answered, or the WebSocket to end. */
export const webSocketCase: Maker = (dice, target) => {
  const { url, folderId } = target.connection;
  const model = dice.chance(90) ? `gpt://${folderId}/speech-realtime-250923` : dice.pick(target.words);
  const messages = [...dice.some(5, () => message()), '{"type":"response.create"}'];
  function message(): string | Buffer {
    const event = dice.chance(80) ? spoiled(dice, dice.pick(events)) : nastyValue(dice);
    const text = JSON.stringify(event) ?? "";
    return dice.chance(80) ? text : spoiledBytes(dice, Buffer.from(text));
  }
  const address = `${url.replace("http", "ws")}/v1/realtime/openai?model=${encodeURIComponent(model)}`;
  const authorization = target.authorizations[0]!;
  return {
    kind: "WebSocket",
    sent: `to ${address}\n${messages.map(String).join("\n")}`,
    run: () =>
      new Promise((resolve) => {
        const socket = new WebSocket(address, { headers: { authorization } });
        const end = (problem?: string) => {
          endWait();
          socket.terminate();
          resolve(problem);
        };
        const endWait = target.patience.wait(LIMIT_MS, () =>
          end(`the last event is not answered within ${LIMIT_MS} ms`),
        );
        socket.on("open", () => messages.forEach((each) => socket.send(each)));
        socket.on("message", (data) => String(data).includes('"response.done"') && end());
        socket.on("unexpected-response", (_request, answer) =>
          end(answer.statusCode === 500 ? "the WebSocket is refused with 500" : undefined),
        );
        socket.on("error", () => end());
        socket.on("close", (code) =>
          end(code === 1011 ? "the WebSocket ends with 1011, an internal error" : undefined),
        );
      }),
  };
};
