import { readFileSync } from "node:fs";

/** What the emulator tells about itself in its connection file once it listens. */
export interface Connection {
  /** host:port of gRPC, without and with TLS. */
  endpoint: string;
  tlsEndpoint: string;
  caFile: string;
  /** Of REST and AI, without and with TLS. */
  aiEndpoint: string;
  url: string;
  tlsUrl: string;
  /** IAM token of the seeded deployer. */
  token: string;
  cloudId: string;
  folderId: string;
  pid: number;
}

/** What the file says; undefined if it is absent or not yet whole. */
export function readConnection(file: string): Connection | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Connection;
  } catch {
    return undefined;
  }
}
