import { createPrivateKey } from "node:crypto";

/** An authorized key of a service account, as `yc iam key create` writes it. */
export interface ServiceAccountKey {
  id: string;
  serviceAccountId: string;
  privateKey: string;
}

/** Whether a setting holds the key itself rather than a path to it. */
export const isKeyText = (setting: string): boolean => setting.trimStart().startsWith("{");

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
