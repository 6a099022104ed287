import { randomBytes } from "node:crypto";
import type { AiLists } from "../../cloud/aiLists";
import type { AiService } from "../../cloud/discovery";
import type { HttpRequest } from "../../cloud/http";
import { refusalOf } from "../../cloud/errors";
import type { Code } from "../../cloud/errors";
import type { Context } from "../../contract/resource";
import { version } from "../../schema/package";
import { isLoopback } from "../../settings/addresses";

export interface ProbedKey {
  secretKey: string;
  folderId: string;
}

/**
 * Asks a service once: what it has against the key, or undefined if it lets it in or cannot be asked. Throws where the service
 * cannot be reached.
 */
export type Probe = (key: ProbedKey, context: ProbeContext) => Promise<string | undefined>;

/** All that a probe needs of the call of the provider that it belongs to. */
export type ProbeContext = Pick<Context, "cloud" | "settings" | "signal" | "timeLimit">;

/** `openai`: the OpenAI-compatible endpoint; otherwise the ID of an endpoint that the cloud lists. */
type HttpService = "openai" | AiService;

const ANSWER_WITHIN_MS = 10_000;

/** Posts a document that the service cannot use, or none. */
export const posting =
  (service: HttpService, path: string, body: (folderId: string) => object | undefined): Probe =>
  async (key, context) =>
    refusalIn(await post(`${await baseOf(service, context)}${path}`, body(key.folderId), key, context), key);

/** Opens a WebSocket, and closes it at once where it is let. */
export const opening =
  (path: (folderId: string) => string): Probe =>
  async (key, context) => {
    const upgrade = {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": randomBytes(16).toString("base64"),
    };
    const url = `${context.settings.aiEndpoint}${path(key.folderId)}`;
    const request = { method: "GET", headers: { ...headersOf(key), ...upgrade }, body: "" };
    return refusalIn(await fetchInTime(url, request, context), key);
  };

/** As of HTTP the statuses from 500 on. */
const FAILURES = new Set<Code>(["DEADLINE_EXCEEDED", "INTERNAL", "UNAVAILABLE", "UNKNOWN"]);

/** Lists what the folder has, over gRPC. A cloud that does not tell where cannot be asked. */
export const listing =
  (name: keyof AiLists): Probe =>
  async ({ folderId, secretKey }, { cloud, signal }) => {
    try {
      await cloud.aiList(name, folderId, { secretKey, signal });
      return undefined;
    } catch (error) {
      const refusal = refusalOf(error);
      if (signal.aborted || (refusal && FAILURES.has(refusal.code))) throw error;
      const isNo = refusal?.code === "UNAUTHENTICATED" || refusal?.code === "PERMISSION_DENIED";
      return isNo ? `${refusal.code} ${withoutKey(refusal.rawMessage, secretKey)}` : undefined;
    }
  };

/** No more of a folder's servers are asked than these. */
const MOST_SERVERS = 5;

/**
 * Greets the MCP servers of the folder until one accepts the key. Only the deployer can list them; where he may
 * not, or no server asks for a key, no server is asked.
 */
export const inSomeServer: Probe = async (key, context) => {
  const { cloud, signal } = context;
  const servers = await cloud.aiList("mcpServers", key.folderId, { signal }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    return [];
  });
  let refusal: string | undefined;
  for (const { address } of servers.filter((server) => server.active && !server.public).slice(0, MOST_SERVERS)) {
    const url = address.includes("://") ? address : `https://${address}`;
    refusal = refusalIn(await post(url, GREETING, key, context), key);
    if (refusal === undefined) return undefined;
  }
  return refusal;
};

const GREETING = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "pulumi-resource-yandex", version: "1" },
  },
};

interface Answer {
  status: number;
  text: string;
}

function post(url: string, body: object | undefined, key: ProbedKey, context: ProbeContext): Promise<Answer> {
  const content = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  const headers = { ...headersOf(key), ...content };
  return fetchInTime(url, { method: "POST", headers, body: body ? JSON.stringify(body) : "" }, context);
}

const headersOf = ({ secretKey, folderId }: ProbedKey) => ({
  authorization: `Api-Key ${secretKey}`,
  "openai-project": folderId,
  "user-agent": `pulumi-resource-yandex/${version} (access probe)`,
});

/** A request that is given up after some seconds. */
async function fetchInTime(url: string, request: Omit<HttpRequest, "signal">, context: ProbeContext): Promise<Answer> {
  using limit = context.timeLimit(ANSWER_WITHIN_MS);
  const signal = AbortSignal.any([context.signal, limit.signal]);
  const answer = await context.cloud.fetch(url, { ...request, signal });
  return { status: answer.status, text: await answer.text() };
}

/**
 * Where a service is called over HTTP. In the cloud that is the address of the directory, which serves gRPC and HTTP. An AI
 * endpoint on this machine stands for all services: the addresses of a local directory are those of gRPC.
 */
async function baseOf(service: HttpService, { cloud, settings }: ProbeContext): Promise<string> {
  const { aiEndpoint, plaintext } = settings;
  if (service === "openai" || isLoopback(new URL(aiEndpoint).host)) return aiEndpoint;
  return `${plaintext ? "http" : "https"}://${await cloud.addressOf(service)}`;
}

/**
 * Why an answer does not show that the key is accepted, or undefined if it does: the service accepted it, or refused the
 * request for its content (400 and the like).
 */
function refusalIn({ status, text }: Answer, { secretKey }: ProbedKey): string | undefined {
  const message = withoutKey(/"message"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? "", secretKey);
  if (status === 401 || status === 403 || status >= 500) return `${status} ${message}`;
  if (status === 429) return `429 ${message || "too many requests"}`;
  const isElsewhere = (status >= 300 && status < 400) || NOT_THE_SERVICE.has(status) || /^\s*</.test(text);
  if (isElsewhere) return `${status}, which is not an answer of the service; check yandex:aiEndpoint and the proxy`;
  return undefined;
}

/** No such path, and a proxy that wants a sign-in. */
const NOT_THE_SERVICE = new Set([404, 407]);

/** The services quote a part of a key they do not know; whatever they quote, the key itself is not shown. */
const withoutKey = (message: string, secretKey: string): string =>
  message.replaceAll(secretKey, "[secret]").slice(0, 200);
