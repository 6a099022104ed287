/**
 * What the cloud refused, as a value that can be asked and as a sentence for the user. No text made here holds what was
 * sent: neither the request nor a credential.
 */

/** The gRPC status codes by their numbers. */
const CODES = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
] as const;

export type Code = (typeof CODES)[number];

export const codeOf = (number: number): Code => CODES[number] ?? "UNKNOWN";

export interface Refusal {
  code: Code;
  /** What was called, as `ServiceAccountService/Create`, or the operation that failed, as `CreateServiceAccount`. */
  method: string;
  /** The cloud's own words. */
  rawMessage: string;
  /** By which the cloud's support finds the call; absent where the cloud never saw it. */
  requestId?: string;
  /** The operation that failed or was not waited for. */
  operationId?: string;
  /** False if the request provably never left this machine. Default: true. */
  sent?: boolean;
  /** A sentence that says more than the cloud's own words; it replaces them in the message. */
  sentence?: string;
}

/** A call that the cloud refused, or that never got an answer. */
export class CloudError extends Error {
  override readonly name: string = "CloudError";
  readonly code: Code;
  readonly method: string;
  readonly rawMessage: string;
  readonly requestId: string | undefined;
  readonly operationId: string | undefined;
  readonly sent: boolean;
  readonly sentence: string | undefined;

  constructor(refusal: Refusal) {
    const words = redact(refusal.rawMessage).trim() || "no reason given";
    super(`${refusal.sentence ?? words} ${reference(refusal)}`);
    this.code = refusal.code;
    this.method = refusal.method;
    this.rawMessage = words;
    this.requestId = refusal.requestId;
    this.operationId = refusal.operationId;
    this.sent = refusal.sent ?? true;
    this.sentence = refusal.sentence;
  }
}

type Reference = Pick<CloudError, "code" | "method" | "requestId" | "operationId">;

/** What support asks for, in brackets. */
function reference({ code, method, requestId, operationId }: Partial<Reference>): string {
  const parts = [code, method, operationId && `operation ${operationId}`, requestId && `request ${requestId}`];
  return `(${parts.filter(Boolean).join(", ")})`;
}

/** The cloud accepted the work, and the work ended with an error: what was asked for has not come about. */
export class OperationFailed extends CloudError {
  override readonly name = "OperationFailed";
}

const SECRETS: [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, "[private key]"],
  [/\bt1\.[\w=-]+\.[\w=-]+/g, "[IAM token]"],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, "[JWT]"],
  [/\bAQVN[\w-]{8,}/g, "[API key]"],
  [/\b(?:y[0-9]__?|AQAAAA)[\w-]{20,}/g, "[OAuth token]"],
];

/** The text without anything that has the form of a credential. */
export const redact = (text: string): string =>
  SECRETS.reduce((rest, [form, instead]) => rest.replace(form, instead), text);

/** The refusal behind an error, also if it has been explained since. */
export function refusalOf(error: unknown): CloudError | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current instanceof CloudError) return current;
  }
  return undefined;
}

const hasCode =
  (...codes: Code[]) =>
  (error: unknown): boolean => {
    const refusal = refusalOf(error);
    return refusal !== undefined && codes.includes(refusal.code);
  };

export const isNotFound = hasCode("NOT_FOUND");
export const isAlreadyExists = hasCode("ALREADY_EXISTS");
export const isPermissionDenied = hasCode("PERMISSION_DENIED");

/** Somebody else's change is under way; the same call may succeed when that is over. */
export function isConflict(error: unknown): boolean {
  const refusal = refusalOf(error);
  if (!refusal) return false;
  return refusal.code === "ABORTED" || /conflicting operation/i.test(refusal.rawMessage);
}

/** The ID of the operation that is in the way, if the refusal names it. */
export const conflictingOperationOf = (error: unknown): string | undefined =>
  /conflicting operation "?(\w{16,})/i.exec(refusalOf(error)?.rawMessage ?? "")?.[1];

/** Whether the request may have taken effect although no answer says so. */
export function isAmbiguous(error: unknown): boolean {
  const refusal = refusalOf(error);
  if (!refusal || refusal instanceof OperationFailed) return false;
  return (
    refusal.sent && ["UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED", "UNKNOWN", "INTERNAL"].includes(refusal.code)
  );
}

/** Whether the cloud took the work on, so that nothing was wrong with what was asked, and its end was not seen. */
export function isUnfollowed(error: unknown): boolean {
  const refusal = refusalOf(error);
  return refusal?.operationId !== undefined && !(refusal instanceof OperationFailed);
}

/** The quota that is used up, as `iam.apiKeys.count`; undefined if that is not what is wrong. */
export const quotaOf = (error: unknown): string | undefined => {
  const refusal = refusalOf(error);
  return refusal?.code === "RESOURCE_EXHAUSTED"
    ? /quota limit (\S+) exceeded/i.exec(refusal.rawMessage)?.[1]
    : undefined;
};

/** Too much was asked of the cloud at once, and nothing was done; the same call may succeed in a while. */
export const isThrottled = (error: unknown): boolean =>
  refusalOf(error)?.code === "RESOURCE_EXHAUSTED" && quotaOf(error) === undefined;

/** The answer, or undefined if the cloud says that there is no such thing. Every other failure is thrown. */
export async function undefinedIfNotFound<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

export interface About {
  /** What the call was about, as `service account app`. */
  what: string;
  folderId?: string;
  /** Who has the name already: an ID, and where it is, as `aje… in folder b1g…`. */
  holder?: string;
}

/** The error as a sentence that says what it is about, why, and what to do next. */
export function describeError(error: unknown, about: About): Error {
  const refusal = refusalOf(error);
  if (!refusal) {
    const reason = error instanceof Error ? error.message : String(error);
    return new Error(redact(`${about.what}: ${reason}`), { cause: error });
  }
  const sentence = refusal.sentence ?? `${refusal.rawMessage}${nextStep(refusal, about)}`;
  return new Error(`${about.what}: ${sentence} ${reference(refusal)}`, { cause: error });
}

/** Says of a failed call what it was about: `call.catch(rethrow({ what: "API key aje…" }))`. */
export const rethrow =
  (about: About) =>
  (error: unknown): never => {
    throw describeError(error, about);
  };

function nextStep(refusal: CloudError, about: About): string {
  const quota = quotaOf(refusal);
  if (quota) {
    return `; the quota ${quota} is used up: delete what is no longer needed, or ask for more under Quotas in the management console or with \`yc quota-manager quota-request create\``;
  }
  if (isConflict(refusal)) return "; another change of the same thing is under way, run again when it is over";
  switch (refusal.code) {
    case "PERMISSION_DENIED":
      return `; ${roleAdvice(refusal.method, about.folderId)}`;
    case "ALREADY_EXISTS":
      return `; ${nameIsTaken(about.holder)}`;
    case "NOT_FOUND":
      return "; check the ID, or run `pulumi refresh` if it was removed outside of this stack";
    default:
      return "";
  }
}

/** What the deployer needs for a call or operation, by its name; the most special first. */
const ROLES: [RegExp, string][] = [
  [/^SecretService\/UpdateAccessBindings/, "lockbox.admin"],
  [/^SecretService\/(Get|List)/, "lockbox.viewer"],
  [/ListAccessBindings/, "resource-manager.viewer"],
  [/AccessBinding/, "admin"],
  [/^(ApiKey|ServiceAccount)Service\/(Get|List)$/, "iam.viewer"],
  [/ApiKey/, "iam.serviceAccounts.apiKeyAdmin"],
  [/ServiceAccount/, "iam.serviceAccounts.admin"],
  [/Payload/, "lockbox.payloadViewer"],
  [/Secret|Version/, "lockbox.editor"],
  [/Folder|Cloud/, "resource-manager.viewer"],
];

function roleAdvice(method: string, folderId: string | undefined): string {
  const role = ROLES.find(([name]) => name.test(method))?.[1];
  const where = folderId ? `folder ${folderId}` : "the folder";
  if (!role) return `the deployer lacks a role on ${where}`;
  const command = `yc resource-manager folder add-access-binding ${folderId ?? "<folder>"} --role ${role} --subject <type>:<ID of the deployer>`;
  return `the deployer lacks the role ${role} on ${where}; an administrator gives it with \`${command}\`, and where it is given already, an access policy may forbid the call`;
}

function nameIsTaken(holder: string | undefined): string {
  if (!holder) return "choose another name, or import the one that exists";
  const [id] = holder.split(" ");
  return `the name is held by ${holder}; choose another one, or take it over with \`pulumi import yandex:index/iamServiceAccount:IamServiceAccount <resource name> ${id}\`, with --generate-code=false where the language host cannot generate code`;
}
