import { createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { replaceFile } from "../store/files";

export interface TlsFiles {
  /** The certificate that clients must trust, PEM. */
  ca: string;
  caFile: string | undefined;
  cert: string;
  key: string;
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * The emulator's own certificate authority and a certificate for this machine's loopback names and the `host` listened on. With a folder they are kept in it
 * (`ca.pem`, and `tls.json` of mode 0600), so that what trusted them yesterday does so today. Made again in the last month of their year, for another host, and when the files are damaged.
 * Without a folder the emulators of one process share them.
 */
export async function openCertificates(folder: string | undefined, now: number, host = "localhost"): Promise<TlsFiles> {
  if (folder === undefined) return { ...(await sharedCertificates(now, host)), caFile: undefined };
  const kept = readKept(folder, now, host);
  if (kept) return kept;
  const made = await makeCertificates(now, host);
  const caFile = join(folder, "ca.pem");
  replaceFile(caFile, made.ca);
  replaceFile(join(folder, "tls.json"), JSON.stringify({ ...made, until: now + 335 * dayMs }));
  return { ...made, caFile };
}

const shared = new Map<string, { from: number; made: ReturnType<typeof makeCertificates> }>();

/** To make them takes longer than the rest of a start, and a test may start an emulator for itself. */
function sharedCertificates(now: number, host: string) {
  const known = shared.get(host);
  if (known && known.from <= now && now < known.from + dayMs) return known.made;
  const made = makeCertificates(now, host);
  shared.set(host, { from: now, made });
  return made;
}

function readKept(folder: string, now: number, host: string): TlsFiles | undefined {
  const file = join(folder, "tls.json");
  const caFile = join(folder, "ca.pem");
  if (!existsSync(file) || !existsSync(caFile)) return undefined;
  try {
    const { until, ...kept } = JSON.parse(readFileSync(file, "utf8")) as TlsFiles & { until: number };
    const cert = new X509Certificate(kept.cert);
    const isFor = isWildcard(host) || (isIP(host) ? cert.checkIP(host) : cert.checkHost(host)) !== undefined;
    const fits = isFor && cert.checkPrivateKey(createPrivateKey(kept.key)) && readFileSync(caFile, "utf8") === kept.ca;
    return until > now && fits ? { ...kept, caFile } : undefined;
  } catch {
    return undefined; // Damaged: made again.
  }
}

const isWildcard = (host: string) => host === "0.0.0.0" || host === "::";

async function makeCertificates(now: number, host: string): Promise<{ ca: string; cert: string; key: string }> {
  // Loaded only here: most starts find their certificates made.
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  const crypto = globalThis.crypto;
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const life = { notBefore: new Date(now - dayMs), notAfter: new Date(now + 365 * dayMs) };

  const caKeys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    ...life,
    serialNumber: "01",
    name: "CN=Local cloud CA",
    keys: caKeys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  });

  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const cert = await x509.X509CertificateGenerator.create({
    ...life,
    serialNumber: "02",
    subject: "CN=localhost",
    issuer: ca.subject,
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: "dns", value: "localhost" },
        { type: "dns", value: "host.docker.internal" },
        { type: "ip", value: "127.0.0.1" },
        { type: "ip", value: "::1" },
        ...(isWildcard(host) ? [] : [{ type: isIP(host) ? ("ip" as const) : ("dns" as const), value: host }]),
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  });
  const der = Buffer.from(await crypto.subtle.exportKey("pkcs8", keys.privateKey));
  const key = `-----BEGIN PRIVATE KEY-----\n${(der.toString("base64").match(/.{1,64}/g) ?? []).join("\n")}\n-----END PRIVATE KEY-----\n`;
  return { ca: ca.toString("pem"), cert: cert.toString("pem"), key };
}
