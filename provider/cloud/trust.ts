import { getCACertificates } from "node:tls";
import type { Settings } from "../settings";
import { reasonOf } from "../world";
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
  const text = await readFile(file).catch((error: unknown) => {
    throw new Error(`the file of certificates cannot be read (${reasonOf(error)}); check yandex:caFile or YC_CA_FILE`);
  });
  if (!text.includes("-----BEGIN CERTIFICATE-----"))
    throw new Error("the file of certificates has no certificate in PEM form; check yandex:caFile or YC_CA_FILE");
  return text;
}
