import { Client, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { shortName } from "../../emulator/calls/controlPlane";
import type { Emulator } from "../../emulator/emulator";
import { mappingOf } from "../../emulator/transport/json";
import { restRoutes } from "../../emulator/transport/restRoutes";

export type Transport = "grpc" | "rest";
export type Json = Record<string, any>;

/** What a call was refused with, the same over both transports. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** One way to call the control plane by name and proto JSON, over either transport, with a real client of it. */
export interface Api extends Disposable {
  call(method: string, request?: Json, headers?: Record<string, string>): Promise<Json>;
  /** The refusal of a call that must be refused, as `CODE message`. */
  refusal(method: string, request?: Json, headers?: Record<string, string>): Promise<string>;
}

export function openApi(
  cloud: Pick<Emulator, "endpoint" | "url" | "token">,
  transport: Transport,
  token: string = cloud.token,
): Api {
  const client = new Client(cloud.endpoint, credentials.createInsecure());
  const send = transport === "grpc" ? overGrpc(client) : overRest(cloud.url);
  const call: Api["call"] = (method, request = {}, headers = {}) => {
    const found = restRoutes.find(([, rpc]) => shortName(rpc.path) === method);
    if (!found) throw new Error(`${method} has no REST route`);
    return send(found, request, token === "" ? headers : { authorization: `Bearer ${token}`, ...headers });
  };
  return {
    call,
    async refusal(method, request, headers) {
      const answer = await call(method, request, headers).catch((error: unknown) => error);
      if (answer instanceof Refusal) return `${answer.code} ${answer.message}`;
      throw new Error(`${method} was not refused: ${JSON.stringify(answer)}`);
    },
    [Symbol.dispose]: () => client.close(),
  };
}

type Route = (typeof restRoutes)[number];
type Send = (route: Route, request: Json, headers: Record<string, string>) => Promise<Json>;

const overGrpc =
  (client: Client): Send =>
  ([, { path }], request, headers) =>
    new Promise((resolve, reject) => {
      const mapping = mappingOf(path);
      const metadata = new Metadata();
      for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
      client.makeUnaryRequest(
        path,
        (message: Json) => Buffer.from(mapping.requestBytes(message)),
        (bytes: Buffer) => mapping.responseJson(bytes) as Json,
        request,
        metadata,
        (error: ServiceError | null, response?: Json) =>
          error ? reject(new Refusal(status[error.code] ?? "", error.details)) : resolve(response as Json),
      );
    });

const overRest =
  (url: string): Send =>
  async ([route], request, headers) => {
    const [method = "", template = ""] = route.split(" ");
    const rest = { ...request };
    const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = String(rest[name]);
      delete rest[name];
      return encodeURIComponent(value);
    });
    const hasBody = method === "POST" || method === "PATCH";
    const query = hasBody ? "" : `?${new URLSearchParams(flat(rest)).toString()}`;
    const answer = await fetch(`${url}${path}${query}`, {
      method,
      headers: { ...headers, ...(hasBody && { "content-type": "application/json" }) },
      body: hasBody ? JSON.stringify(rest) : undefined,
    });
    const json = (await answer.json()) as Json;
    if (answer.ok) return json;
    throw new Refusal(status[json.code as number] ?? String(answer.status), json.message as string);
  };

/** A list that comes in pages, page by page. */
export async function pagesOf(api: Api, method: string, request: Json, list: string): Promise<Json[][]> {
  const pages: Json[][] = [];
  let pageToken = "";
  do {
    const page = await api.call(method, { ...request, pageSize: 1000, pageToken });
    pages.push((page[list] as Json[] | undefined) ?? []);
    pageToken = (page.nextPageToken as string | undefined) ?? "";
  } while (pageToken !== "");
  return pages;
}

/** The message an operation that is done carries. Throws its error. */
export function responseOf(operation: Json): Json {
  if (operation.error)
    throw new Refusal(status[operation.error.code as number] ?? "", operation.error.message as string);
  if (!operation.done) throw new Error(`operation ${operation.id} is not done`);
  return operation.response as Json;
}

/** Fields of a message within a message by their path, as a query names them. */
const flat = (json: Json): Record<string, string> =>
  Object.fromEntries(
    Object.entries(json).flatMap(([name, value]) =>
      value !== null && typeof value === "object"
        ? Object.entries(value as Json).map(([inner, text]) => [`${name}.${inner}`, String(text)])
        : [[name, String(value)]],
    ),
  );
