/**
 * Secrets that only the holder of a private OpenPGP key can read. The library is large and rarely wanted, so it is
 * loaded when it is.
 */
export interface Encrypted {
  /** Base64 of the binary OpenPGP message; `base64 -d | gpg --decrypt` shows the text. */
  message: string;
  /** Fingerprint of the key it was encrypted to, in hexadecimal. */
  fingerprint: string;
}

/** `publicKey` is a public key: armored, or base64 of its binary form as `gpg --export <id> | base64` prints it. */
export async function encryptTo(publicKey: string, text: string): Promise<Encrypted> {
  const openpgp = await import("openpgp");
  const key = await readPublicKey(publicKey);
  const message = await openpgp.createMessage({ text });
  const binary = await openpgp.encrypt({ message, encryptionKeys: key, format: "binary" });
  return { message: Buffer.from(binary as Uint8Array).toString("base64"), fingerprint: key.getFingerprint() };
}

export const PRIVATE_KEY =
  "is a private OpenPGP key; give the public key, as `gpg --export <id> | base64` prints it, and consider this private key known";

/** The kind of the packet that every private key begins with (RFC 9580, 5 and 10.2). */
const SECRET_KEY = 5;

/** Whether the text is a private key. The first byte of the binary form has the kind of the first packet. */
export function isPrivateKey(text: string): boolean {
  if (text.includes("-----BEGIN PGP")) return text.includes("PRIVATE KEY BLOCK");
  const [first = 0] = Buffer.from(text, "base64");
  const kind = first & 0x40 ? first & 0x3f : (first >> 2) & 0x0f;
  return (first & 0x80) !== 0 && kind === SECRET_KEY;
}

async function readPublicKey(publicKey: string) {
  if (isPrivateKey(publicKey)) throw new Error(PRIVATE_KEY);
  if (publicKey.startsWith("keybase:")) {
    throw new Error("names a key on keybase.io, where nothing is fetched from; give the public key itself");
  }
  const { readKey } = await import("openpgp");
  const read = publicKey.includes("-----BEGIN PGP")
    ? readKey({ armoredKey: publicKey })
    : readKey({ binaryKey: Buffer.from(publicKey, "base64") });
  const key = await read.catch(() => {
    throw new Error("is not an OpenPGP public key; give it armored, or as `gpg --export <id> | base64` prints it");
  });
  if (key.isPrivate()) throw new Error(PRIVATE_KEY);
  return key;
}
