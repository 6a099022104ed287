import type { Cloud } from "../provider/cloud";

/** A service of the cloud that is asked over REST, by its ID in the cloud's directory; `openai` is the OpenAI-compatible one. */
export type Service = "iam" | "resource-manager" | "operation" | "lockbox" | "lockbox-payload" | "openai";

/** Who asks: the deployer, nobody, or the secret of an API key. */
export type Caller = "deployer" | "nobody" | { token: string } | { secretKey: string };

export interface Question {
  service: Service;
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** With its query. */
  path: string;
  body?: object;
  headers?: Record<string, string>;
  as?: Caller;
}

export interface Answer {
  status: number;
  /** The JSON of the answer, or the text of another answer. */
  // Answers of the API, looked into field by field.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
  ms: number;
}

/** A question with its answer, as the report and the recording show it. */
export interface Exchange {
  /** `as`: "deployer", "nobody", "token" for one that is not valid, or "key" and the ID of the API key. */
  question: Omit<Question, "as"> & { as: string };
  answer: Answer;
}

export interface Connection {
  fetch: Cloud["fetch"];
  /** The deployer's IAM token. */
  token(): Promise<string>;
  /** URL of a service, without a slash at the end. */
  baseOf(service: Service): Promise<string>;
  now(): number;
  signal: AbortSignal;
}

/** Sends a question once. */
export async function send(question: Question, connection: Connection): Promise<Answer> {
  const { service, method, path, body, headers, as = "deployer" } = question;
  const authorization = await authorizationOf(as, connection);
  const began = connection.now();
  const answer = await connection.fetch(`${await connection.baseOf(service)}${path}`, {
    method,
    headers: {
      ...(authorization ? { authorization } : {}),
      ...(body ? { "content-type": "application/json" } : {}),
      ...headers,
    },
    body: body ? JSON.stringify(body) : "",
    signal: connection.signal,
  });
  const text = await answer.text();
  return { status: answer.status, body: parsed(text), ms: connection.now() - began };
}

async function authorizationOf(as: Caller, connection: Connection): Promise<string | undefined> {
  if (as === "nobody") return undefined;
  if (as === "deployer") return `Bearer ${await connection.token()}`;
  return "token" in as ? `Bearer ${as.token}` : `Api-Key ${as.secretKey}`;
}

function parsed(text: string): unknown {
  try {
    return text === "" ? {} : (JSON.parse(text) as unknown);
  } catch {
    return text;
  }
}
