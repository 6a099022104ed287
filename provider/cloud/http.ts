import { isLoopback } from "../settings/addresses";
import type { Trust } from "./trust";

export interface HttpRequest {
  method: string;
  headers: Record<string, string>;
  body: string;
  signal?: AbortSignal;
}

export interface HttpAnswer {
  status: number;
  /** The header `Date`: the server's clock, to the second. */
  date?: string;
  text(): Promise<string>;
}

/** No answer to a probe is longer than this; the rest of one that is, is not wanted. */
const LONGEST_ANSWER = 64 * 1024;

/** Node's own fetch cannot be told for a single request whom to trust, so this is the older way. */
export async function askOverHttp(url: string, { body, ...options }: HttpRequest, trust: Trust): Promise<HttpAnswer> {
  const { protocol, host } = new URL(url);
  if (protocol === "http:" && !isLoopback(host)) throw new Error(`${host} is not on this machine, so TLS is needed`);
  const { request } = protocol === "http:" ? await import("node:http") : await import("node:https");
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...options, ...trust }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => (text += text.length < LONGEST_ANSWER ? part : ""));
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, date: response.headers.date, text: async () => text }),
      );
    });
    // A WebSocket: that it opens is the answer, and nothing is said over it.
    sent.on("upgrade", ({ statusCode = 101 }, socket) => {
      socket.destroy();
      resolve({ status: statusCode, text: async () => "" });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
