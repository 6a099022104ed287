import { isLoopback } from "../settings/addresses";
import { proxyFor } from "../settings/proxy";
import { reasonOf } from "../world";
import type { World } from "../world";
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

/** The server could not be reached, or the proxy before it. The message has neither the request nor the credential. */
export class Unreachable extends Error {}

interface Way {
  trust: Trust;
  /** Of which the variables of the proxy count. */
  env: World["env"];
}

/**
 * A request that is sent once. Node's own fetch takes neither certificates to trust nor a proxy for a single request, so
 * this is the older way.
 *
 * @throws Unreachable
 */
export async function askOverHttp(url: string, { body, ...options }: HttpRequest, way: Way): Promise<HttpAnswer> {
  const { protocol, host } = new URL(url);
  if (protocol === "http:" && !isLoopback(host)) throw new Error(`${host} is not on this machine, so TLS is needed`);
  const proxy = proxyFor(host, way.env);
  const { request } = protocol === "http:" ? await import("node:http") : await import("node:https");
  const agent = proxy ? await proxyAgent(way.env) : undefined;
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      const via = proxy ? ` through the proxy ${proxy}` : "";
      const cause = options.signal?.aborted ? "no answer in time" : reasonOf(error);
      const advice = /CERT|SIGNATURE|ISSUER/.test(cause)
        ? "; give the certificate of its authority as yandex:caFile or YC_CA_FILE"
        : proxy && "; check HTTPS_PROXY and NO_PROXY";
      reject(new Unreachable(`${host} cannot be reached${via} (${cause})${advice ?? ""}`));
    };
    const sent = request(url, { ...options, ...way.trust, agent }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => (text += text.length < LONGEST_ANSWER ? part : ""));
      response.on("error", fail);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, date: response.headers.date, text: async () => text }),
      );
    });
    // A WebSocket: that it opens is the answer, and nothing is said over it.
    sent.on("upgrade", ({ statusCode = 101 }, socket) => {
      socket.destroy();
      resolve({ status: statusCode, text: async () => "" });
    });
    sent.on("error", fail);
    sent.end(body);
  });
}

async function proxyAgent(env: World["env"]) {
  const { Agent } = await import("node:https");
  return new Agent({ proxyEnv: { HTTPS_PROXY: env.https_proxy || env.HTTPS_PROXY } });
}

/** `fetch` that goes through the proxy of the environment; everything else is node's own. */
export const fetchThroughProxy =
  (env: World["env"]): typeof fetch =>
  async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.protocol !== "https:" || !proxyFor(url.host, env)) return fetch(input, init);
    const headers: Record<string, string> = {};
    const asked = new Request(url, init);
    asked.headers.forEach((value, name) => (headers[name] = value));
    const request = { method: asked.method, headers, body: await asked.text(), signal: asked.signal };
    const { status, text } = await askOverHttp(url.href, request, { trust: {}, env });
    return new Response(await text(), { status });
  };
