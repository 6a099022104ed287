import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Connection } from "../support/cloudProcess";

export type Json = Record<string, any>;

/** What a client was refused with: the code as this client tells it (gRPC's number or HTTP's status), and the words. */
export class Refusal extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** A client in a process and language of its own, given one call at a time. */
export interface Worker extends AsyncDisposable {
  ask(order: Json): Promise<any>;
  /** The refusal of a call that must be refused, as `CODE words`. */
  refusal(order: Json): Promise<string>;
}

/** Where the clients have been installed; set by the task that runs the suite. */
const installed = (name: "python" | "go" | "node"): string => {
  const path = process.env[`CONFORMANCE_${name.toUpperCase()}`];
  if (!path) throw new Error("The clients are not installed: run the suite by npm run conformance.");
  return path;
};

const client = (...path: string[]) => join(__dirname, "clients", ...path);

export const programs = {
  goSdk: (): string[] => [installed("go")],
  yandexcloud: (): string[] => [installed("python"), client("python", "cloud.py")],
  aiStudio: (): string[] => [installed("python"), client("python", "studio.py")],
  nodejsSdk: (): string[] => [process.execPath, client("node", "nodejsSdk.js")],
  openai: (): string[] => [process.execPath, client("node", "openai.js")],
  pythonLibraries: (): string[] => [installed("python"), client("python", "libraries.py")],
  nodeLibraries: (): string[] => [process.execPath, client("node", "libraries.js")],
  langchain: (): string[] => [process.execPath, client("node", "langchain.js")],
};

export function startWorker(command: string[], cloud: Connection): Worker {
  const [file = "", ...args] = command;
  const child = spawn(file, args, { env: environment(cloud), stdio: ["pipe", "pipe", "pipe"] });
  let complaint = "";
  child.stderr.on("data", (chunk) => (complaint += chunk));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise((resolve) => child.once("close", resolve));

  async function ask(order: Json): Promise<unknown> {
    child.stdin.write(`${JSON.stringify(order)}\n`);
    const { value, done } = (await lines.next()) as { value: string; done?: boolean };
    if (done) throw new Error(`The client ended: ${complaint}`);
    const { answer, refused, failed } = JSON.parse(value) as Json;
    if (failed !== undefined) throw new Error(`The client could not do it: ${failed}`);
    if (refused) throw new Refusal(refused.code as number, refused.message as string);
    return answer;
  }

  return {
    ask,
    async refusal(order) {
      const answer = await ask(order).catch((error: unknown) => error);
      if (answer instanceof Refusal) return `${answer.code} ${answer.message}`;
      throw answer instanceof Error ? answer : new Error(`Not refused: ${JSON.stringify(answer)}`);
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await ended;
    },
  };
}

/** Nothing of the user's own settings; and a proxy that is not there for all that is not on this machine. */
export function environment(cloud: Connection): Record<string, string> {
  const nowhere = "http://127.0.0.1:1";
  return {
    PATH: process.env.PATH ?? "",
    NODE_PATH: process.env.CONFORMANCE_NODE ?? "",
    PYTHONDONTWRITEBYTECODE: "1",
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    http_proxy: nowhere,
    https_proxy: nowhere,
    NO_PROXY: "localhost,127.0.0.1",
    no_proxy: "localhost,127.0.0.1",
    CLOUD_ENDPOINT: cloud.endpoint,
    CLOUD_TLS_ENDPOINT: cloud.tlsEndpoint,
    CLOUD_URL: cloud.url,
    CLOUD_TLS_URL: cloud.tlsUrl,
    CLOUD_CA_FILE: cloud.caFile,
  };
}
