import type { WebSocket } from "ws";
import type { Conversation } from "./httpCall";

/** Of answers that a client has not yet taken. */
const UNREAD_LIMIT_BYTES = 16 * 1024 * 1024;

/** Runs a conversation over an open WebSocket, so that nothing a message causes goes further than this connection. */
export function converse(
  socket: WebSocket,
  conversation: Conversation | undefined,
  report: (text: string) => void,
): void {
  const guarded = (act: () => void) => {
    try {
      act();
    } catch (thrown) {
      report(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
      socket.close(1011, "Internal error");
    }
  };
  const send = (text: string) => {
    if (socket.bufferedAmount > UNREAD_LIMIT_BYTES) socket.terminate();
    else socket.send(text);
  };
  let hear: (message: string) => void = () => undefined;
  guarded(() => (hear = conversation?.(send) ?? hear));
  socket.on("message", (data) => guarded(() => hear(String(data))));
  // What a client does to its connection is its own business.
  socket.on("error", () => socket.terminate());
}
