import { createPrivateKey } from "node:crypto";

/** An authorized key of a service account, as `yc iam key create` writes it. */
export interface ServiceAccountKey {
  id: string;
  serviceAccountId: string;
  privateKey: string;
}

/**
 * The JSON text that a setting holds: as it is, or in base64, as secrets of CI systems often are. Undefined where the setting
 * is a path.
 */
export function keyTextIn(setting: string): string | undefined {
  const text = setting.trim();
  if (text.startsWith("{")) return text;
  if (!/^[A-Za-z0-9+/_\s-]+={0,2}$/.test(text)) return undefined;
  const decoded = Buffer.from(text, "base64").toString("utf8").trimStart();
  return decoded.startsWith("{") ? decoded : undefined;
}

/** The key, or what is wrong with the text, never quoting it. Both ways to spell the names are in use. */
export function parseServiceAccountKey(text: string): { key: ServiceAccountKey } | { problem: string } {
  let fields: Record<string, unknown>;
  try {
    fields = Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return { problem: "is not valid JSON" };
  }
  const field = (snake: string, camel: string) => fields[snake] ?? fields[camel];
  const id = fields.id;
  const serviceAccountId = field("service_account_id", "serviceAccountId");
  const privateKey = field("private_key", "privateKey");
  const named = { id, service_account_id: serviceAccountId, private_key: privateKey };
  const missing = Object.keys(named).filter((name) => !isText(named[name as keyof typeof named]));
  if (missing.length > 0) {
    const hint = "`yc iam key create --service-account-name <name> --output key.json` writes one";
    return { problem: `is not the authorized key of a service account: it lacks ${missing.join(", ")}; ${hint}` };
  }
  try {
    createPrivateKey(privateKey as string);
  } catch {
    return { problem: "holds a private_key that is not a PEM private key" };
  }
  return { key: { id, serviceAccountId, privateKey } as ServiceAccountKey };
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
