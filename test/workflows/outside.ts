import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { run } from "../support/run";

export interface Request {
  method: string;
  path: string;
  authorization: string | undefined;
  body: string;
}

export interface Answer {
  status?: number;
  body: unknown;
}

/** What lies outside of a job, on loopback: answers as it is told, and keeps what it was asked. */
export async function startOutside(answer: (request: Request) => Answer) {
  const requests: Request[] = [];
  const server = createServer((message, response) => {
    void readAll(message).then((body) => {
      const { method = "", url = "", headers } = message;
      const request = { method, path: url, authorization: headers.authorization, body };
      requests.push(request);
      const { status = 200, body: content } = answer(request);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(content));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readAll(message: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of message) text += String(chunk);
  return text;
}

/** Runs `ci/<script>` with this environment and no other. */
export const runScript = (script: string, args: string[], env: Record<string, string | undefined>) =>
  run(process.execPath, [join(process.cwd(), "ci", script), ...args], { env });
