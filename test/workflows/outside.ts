import { createServer, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { listen } from "../support/listen";
import { run } from "../support/run";

export interface Request {
  method: string;
  path: string;
  authorization: string | undefined;
  body: string;
}

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body: unknown;
}

/** What lies outside of a job, on loopback: answers as the test says, and keeps what it was asked. */
export async function startOutside(answer: (request: Request) => Answer | Promise<Answer>) {
  const requests: Request[] = [];
  const server = createServer((message, response) => {
    void readAll(message).then(async (body) => {
      const { method = "", url = "", headers } = message;
      const request = { method, path: url, authorization: headers.authorization, body };
      requests.push(request);
      const { status = 200, headers: own, body: content } = await answer(request);
      response.writeHead(status, { "content-type": "application/json", ...own }).end(JSON.stringify(content));
    });
  });
  return { requests, ...(await listen(server)) };
}

/** A proxy that leads nowhere, and keeps what it was asked for. */
export async function startProxy() {
  const asked: string[] = [];
  const server = createServer((message, response) => {
    asked.push(`${message.method} ${message.url}`);
    response.writeHead(502).end();
  });
  server.on("connect", ({ url }, socket) => {
    asked.push(`CONNECT ${url}`);
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  return { asked, ...(await listen(server)) };
}

async function readAll(message: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of message) text += String(chunk);
  return text;
}

/** Runs `ci/<script>` with this environment and no other. */
export const runScript = (script: string, args: string[], env: Record<string, string | undefined>) =>
  run(process.execPath, [join(process.cwd(), "ci", script), ...args], { env });
