import type { Capability } from "../components/capabilities";

export type { Capability };

export interface Options {
  /** Of REST and AI. Default 0: any free port, so that several may run at once. */
  port?: number;
  /** Models beside those of the catalogue: `my-model`, `emb://my-model`, `gpt://yandexgpt/latest@tamr0`. Default none. */
  models?: readonly string[];
  /** Origins whose pages in a browser may call, such as `http://localhost:3000`. Default none. */
  cors?: readonly string[];
}

/** What the next calls of a method meet instead of an answer. */
export interface Fault {
  /** The method and path of a REST call with `{…}` for its parts, or service and call: `POST /v1/chat/completions`, `TextGenerationService/Completion`. */
  method: string;
  /** The gRPC name of the error: `RESOURCE_EXHAUSTED` is 429 over HTTP, `UNAVAILABLE` 503, `INTERNAL` 500. */
  code:
    "RESOURCE_EXHAUSTED" | "UNAVAILABLE" | "INTERNAL" | "PERMISSION_DENIED" | "UNAUTHENTICATED" | "DEADLINE_EXCEEDED";
  /** How many calls meet it. Default 1. */
  times?: number;
}

/** One call that was answered, without anything secret. */
export interface AnsweredCall {
  /** As a fault names it. */
  method: string;
  /** `OK`, or the gRPC name of the error. */
  status: string;
}

/** A local AI Studio that checks keys, roles, scopes and expiry as the cloud does. No model is behind it. */
export interface Studio extends AsyncDisposable {
  /** `http://127.0.0.1:<port>/v1`: the base URL of OpenAI's clients. */
  readonly baseUrl: string;
  /** `http://127.0.0.1:<port>`: REST and the native API. */
  readonly url: string;
  /** `127.0.0.1:<port>`: gRPC without TLS. */
  readonly endpoint: string;
  /** The same over TLS, for clients that know nothing else, and the certificate to trust, PEM. */
  readonly tlsUrl: string;
  readonly tlsEndpoint: string;
  readonly caPem: string;
  /** The folder of all keys. OpenAI's clients send it as `project`. */
  readonly folderId: string;
  /**
   * A new API key with the roles and scopes that the component AiStudioAccess gives for these capabilities, and no others.
   * Throws an Error that names the nearest capability for an unknown word.
   */
  keyFor(capabilities: readonly Capability[], options?: { expiresAt?: Date }): string;
  /** Lets calls fail, to try what an application does then. */
  fail(fault: Fault): void;
  /** The answered calls, oldest first. */
  calls(): AnsweredCall[];
  /** Moves the studio's clock forward: for keys that expire. */
  advance(ms: number): void;
  /** Ends it. Call it when the tests are over, or hold it with `await using`. */
  dispose(): Promise<void>;
}

/** Starts a local AI Studio in this process, in memory. Throws an Error with one sentence when it cannot. */
export type StartEmulator = (options?: Options) => Promise<Studio>;
