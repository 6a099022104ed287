/** All that the provider has of the world around it; the plugin hands in the real one. */
export interface World {
  /** Milliseconds since 1970. */
  now(): number;
  /** Rejects when the signal is raised. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** From 0 up to, not including, 1. */
  random(): number;
  env: Record<string, string | undefined>;
  /** The text of a file. */
  readFile(path: string): Promise<string>;
  fetch: typeof fetch;
}
