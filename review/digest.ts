/**
 * What `pulumi preview --json` prints: one JSON object, the digest. The engine puts `[secret]` in it wherever a value is
 * secret. Its event streams (`--event-log`, `up --json`, streaming previews) are refused here: they carry debug messages
 * which shows the values of created secrets in clear.
 */
export interface Digest {
  steps: Step[];
  /** Why the preview failed; empty if it did not. */
  errors: Diagnostic[];
  /** Of other severities nothing is read. */
  warnings: Diagnostic[];
  /** Made without `--show-sames`: what stays as it is was left out. */
  leavesOut: boolean;
}

export interface Step {
  /** `same`, `create`, `update`, `replace`, `delete`, `refresh` and others of the engine. */
  op: string;
  urn: string;
  oldState?: ResourceState;
  newState?: ResourceState;
  /** Property paths that differ, where the provider tells. */
  detailedDiff?: Record<string, unknown> | null;
  /** Properties that differ. */
  diffReasons?: string[] | null;
  /** Properties that force the replacement. */
  replaceReasons?: string[] | null;
}

export interface ResourceState {
  type?: string;
  id?: string;
  parent?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  /** By property, the URNs of the resources from which the program made its value. */
  propertyDependencies?: Record<string, string[] | null> | null;
  /** The engine refuses to delete the resource. */
  protect?: boolean;
  /** The engine forgets the resource instead of deleting it, and the cloud keeps it. */
  retainOnDelete?: boolean;
}

export interface Diagnostic {
  urn?: string;
  message: string;
}

/** Reads a digest; throws a sentence if the text is something else. */
export function readDigest(text: string): Digest {
  const parsed = parse(text);
  const steps = asList(parsed.steps).filter(isStep);
  const diagnostics = asList(parsed.diagnostics).filter(isDiagnostic);
  const ofSeverity = (wanted: string) =>
    diagnostics.filter(({ severity }) => severity === wanted).map(({ urn, message }) => ({ urn, message }));
  const same = isRecord(parsed.changeSummary) ? Number(parsed.changeSummary.same ?? 0) : 0;
  return {
    steps,
    leavesOut: same > 0 && !steps.some(({ op }) => op === "same"),
    errors: ofSeverity("error"),
    warnings: ofSeverity("warning"),
  };
}

function parse(text: string): Record<string, unknown> {
  if (text.trim() === "") throw new Error("The preview is empty: make it with pulumi preview --json --show-sames.");
  const value = parseJson(text);
  if (!isRecord(value) || "resourcePreEvent" in value || "sequence" in value) throw new Error(NO_DIGEST);
  if (!("steps" in value) && !("changeSummary" in value) && !("diagnostics" in value)) throw new Error(NO_DIGEST);
  return value;
}

/** The parser's own message quotes the text, so this error leaves it out. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(NO_DIGEST);
  }
}

const NO_DIGEST =
  "This is not a preview as pulumi preview --json prints it (an event stream is not read, because it shows secrets): make one with pulumi preview --json --show-sames.";

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const isStep = (value: unknown): value is Step =>
  isRecord(value) && typeof value.op === "string" && typeof value.urn === "string";

const isDiagnostic = (value: unknown): value is Diagnostic & { severity?: unknown } =>
  isRecord(value) && typeof value.message === "string" && (value.urn === undefined || typeof value.urn === "string");
