import { getCACertificates } from "node:tls";
import type { Settings } from "../settings";
import type { World } from "../world";

/** Which servers are believed to be what they say, as Node's TLS takes it. */
export interface Trust {
  /** PEM; absent for the usual ones. */
  ca?: string;
  rejectUnauthorized?: false;
}

/** Reads the file of certificates when it is first needed, and again if that went wrong. */
export function trustIn(
  { insecure, caFile }: Pick<Settings, "insecure" | "caFile">,
  world: World,
): () => Promise<Trust> {
  let read: Promise<string> | undefined;
  return async () => {
    const unchecked = insecure ? { rejectUnauthorized: false as const } : {};
    if (!caFile) return unchecked;
    read ??= readCertificates(caFile, world);
    const own = await read.catch((error: unknown) => {
      read = undefined;
      throw error;
    });
    return { ca: [...getCACertificates("default"), own].join("\n"), ...unchecked };
  };
}

async function readCertificates(file: string, { readFile }: World): Promise<string> {
  const text = await readFile(file).catch(({ code }: NodeJS.ErrnoException) => {
    throw new Error(`the certificates in ${file} cannot be read (${code ?? "no reason given"}); check yandex:caFile`);
  });
  if (!text.includes("-----BEGIN CERTIFICATE-----")) throw new Error(`${file} holds no certificate in PEM form`);
  return text;
}
