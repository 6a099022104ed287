import { readUrl, URL_FORM } from "./addresses";
import { METADATA_ADDRESS, SETTINGS } from "./table";
import type { Given, Lookup, SettingName } from "./table";
import { keyTextIn, parseServiceAccountKey } from "./serviceAccountKey";

/**
 * How the deployer signs in. What the stack's settings say counts before what the environment says; the stack may say
 * one way only. In the environment a service account's key counts before a token, a token before a workload identity,
 * as with the official Terraform provider; if nothing is said, the machine's own service account is used.
 */
export type SignIn = {
  /** Where that was said, for messages: `yandex:token` or `YC_TOKEN`. */
  source: string;
} & (
  | { kind: "iamToken"; token: string }
  | { kind: "oauthToken"; token: string }
  | { kind: "serviceAccountKey"; key: { text: string } | { file: string } }
  | { kind: "workloadIdentity"; serviceAccountId: string; token: { text: string } | { file: string }; endpoint: string }
  /** Host and, where it is not 80, port. */
  | { kind: "metadata"; address: string }
  /** Nothing can be done with what was said, for the reason given. */
  | { kind: "none"; reason: string }
);

type Way = "serviceAccountKey" | "token" | "workloadIdentity";

/** In the order in which they count; the settings that say each. */
const WAYS: [Way, SettingName[]][] = [
  ["serviceAccountKey", ["serviceAccountKeyFile"]],
  ["token", ["token"]],
  ["workloadIdentity", ["workloadIdentityToken", "workloadIdentityTokenFile"]],
];

type Fail = (property: SettingName, reason: string) => void;

export function chooseSignIn(
  lookup: Lookup,
  isUnknown: (property: SettingName) => boolean,
  fail: Fail,
  env: Record<string, string | undefined>,
): SignIn {
  const properties = WAYS.flatMap(([, properties]) => properties);
  const unknown = properties.find(isUnknown);
  if (unknown) return { kind: "none", source: `yandex:${unknown}`, reason: "is not known before the update has run" };

  const given = WAYS.flatMap(([way, properties]) =>
    properties.flatMap((property) => {
      const found = lookup(property);
      return found ? [{ way, property, found }] : [];
    }),
  );
  const inStack = given.filter(({ found }) => !found.fromEnvironment);
  const [first, ...others] = inStack.length > 0 ? inStack : given;
  if (!first) {
    const address = env[METADATA_ADDRESS.env]?.trim() || METADATA_ADDRESS.default;
    return { kind: "metadata", source: "instance metadata", address };
  }
  const { source, fromEnvironment } = first.found;
  const refuse = (property: SettingName, why: string): SignIn => {
    const reason = fromEnvironment ? `${why} (given as ${source})` : why;
    fail(property, reason);
    return { kind: "none", source, reason };
  };
  const conflict = others.find(({ way, found }) => !found.fromEnvironment || way === first.way);
  if (conflict) return refuse(conflict.property, `cannot be set together with ${first.property}; keep one of them`);
  switch (first.way) {
    case "token":
      return readToken(first.found, (reason) => refuse("token", reason));
    case "serviceAccountKey":
      return readKey(first.found, (reason) => refuse("serviceAccountKeyFile", reason));
    case "workloadIdentity":
      return readWorkloadIdentity(first.property, first.found, lookup, refuse);
  }
}

/** The two kinds of token are distinguished by form, as the vendor's own tools do it. */
function readToken({ value, source }: Given, refuse: (reason: string) => SignIn): SignIn {
  if (keyTextIn(value) !== undefined)
    return refuse("holds JSON; the key of a service account belongs into serviceAccountKeyFile");
  if (value.startsWith("AQVN"))
    return refuse("is an API key, which cannot manage access; use an IAM token (`yc iam create-token`)");
  if (/\s/.test(value)) return refuse("has a space or a line break in it; give the token alone");
  const isIamToken = source === "YC_IAM_TOKEN" || /^t1\.[^.]+\.[^.]+$/.test(value);
  return { kind: isIamToken ? "iamToken" : "oauthToken", token: value, source };
}

/** A file is read when the provider first calls the cloud; a text can be looked at now. */
function readKey({ value, source }: Given, refuse: (reason: string) => SignIn): SignIn {
  const text = keyTextIn(value);
  if (text === undefined) return { kind: "serviceAccountKey", key: { file: value }, source };
  const parsed = parseServiceAccountKey(text);
  return "problem" in parsed ? refuse(parsed.problem) : { kind: "serviceAccountKey", key: { text }, source };
}

function readWorkloadIdentity(
  property: SettingName,
  { value, source }: Given,
  lookup: Lookup,
  refuse: (property: SettingName, reason: string) => SignIn,
): SignIn {
  const serviceAccountId = lookup("workloadIdentityServiceAccountId")?.value;
  if (!serviceAccountId) {
    const reason = `is needed together with ${property}: the ID of the service account to sign in as`;
    return refuse("workloadIdentityServiceAccountId", reason);
  }
  const endpoint = readUrl(
    lookup("workloadIdentityEndpoint")?.value ?? (SETTINGS.workloadIdentityEndpoint.default as string),
  );
  if (!endpoint) return refuse("workloadIdentityEndpoint", URL_FORM);
  const token = property === "workloadIdentityToken" ? { text: value } : { file: value };
  return { kind: "workloadIdentity", serviceAccountId, token, endpoint, source };
}
