import {
  conflictingOperationOf,
  CloudError,
  codeOf,
  describeError,
  undefinedIfNotFound,
  isAlreadyExists,
  isAmbiguous,
  isConflict,
  isNotFound,
  isPermissionDenied,
  OperationFailed,
  quotaOf,
  redact,
} from "../../../provider/cloud/errors";
import type { About, Code } from "../../../provider/cloud/errors";
import { fc } from "../../support/properties";

const FOLDER = "b1g00000000000000001";
const refusal = (code: Code, method: string, rawMessage: string) =>
  new CloudError({ code, method, rawMessage, requestId: "req-1" });

describe("explain", () => {
  type Row = [name: string, error: Error, about: About, sentence: string];
  it.each<Row>([
    [
      "names the role that the deployer lacks, where, and how it is given",
      refusal(
        "PERMISSION_DENIED",
        "ServiceAccountService/Create",
        `Permission denied to resource-manager.folder ${FOLDER}`,
      ),
      { what: "service account app", folderId: FOLDER },
      `service account app: Permission denied to resource-manager.folder ${FOLDER}; the deployer lacks the role iam.serviceAccounts.admin on folder ${FOLDER}; an administrator gives it with \`yc resource-manager folder add-access-binding ${FOLDER} --role iam.serviceAccounts.admin --subject <type>:<ID of the deployer>\`, and where it is given already, an access policy may forbid the call (PERMISSION_DENIED, ServiceAccountService/Create, request req-1)`,
    ],
    [
      "names the quota and how to have more of it",
      refusal("RESOURCE_EXHAUSTED", "ApiKeyService/Create", "Quota limit iam.apiKeys.count exceeded"),
      { what: "an API key" },
      "an API key: Quota limit iam.apiKeys.count exceeded; the quota iam.apiKeys.count is used up: delete what is no longer needed, or ask for more under Quotas in the management console or with `yc quota-manager quota-request create` (RESOURCE_EXHAUSTED, ApiKeyService/Create, request req-1)",
    ],
    [
      "says who holds a name and how that is taken over",
      refusal("ALREADY_EXISTS", "ServiceAccountService/Create", `Service account 'app@b1c' already exists`),
      { what: "service account app", holder: `aje00000000000000007 in folder ${FOLDER}` },
      `service account app: Service account 'app@b1c' already exists; the name is held by aje00000000000000007 in folder ${FOLDER}; choose another one, or take it over with \`pulumi import yandex:index/iamServiceAccount:IamServiceAccount <resource name> aje00000000000000007\`, with --generate-code=false where the language host cannot generate code (ALREADY_EXISTS, ServiceAccountService/Create, request req-1)`,
    ],
    [
      "says what to do where the holder of a name cannot be found out",
      refusal("ALREADY_EXISTS", "ServiceAccountService/Create", "taken"),
      { what: "service account app" },
      "service account app: taken; choose another name, or import the one that exists (ALREADY_EXISTS, ServiceAccountService/Create, request req-1)",
    ],
    [
      "says what to do about a thing that is not there",
      refusal("NOT_FOUND", "ApiKeyService/Update", "API key aje1 not found"),
      { what: "API key aje1" },
      "API key aje1: API key aje1 not found; check the ID, or run `pulumi refresh` if it was removed outside of this stack (NOT_FOUND, ApiKeyService/Update, request req-1)",
    ],
    [
      "says to wait for somebody else's change",
      refusal("FAILED_PRECONDITION", "FolderService/UpdateAccessBindings", `Conflicting operation aje9 detected`),
      { what: "granting viewer" },
      "granting viewer: Conflicting operation aje9 detected; another change of the same thing is under way, run again when it is over (FAILED_PRECONDITION, FolderService/UpdateAccessBindings, request req-1)",
    ],
    [
      "adds nothing to words that say enough",
      refusal("INVALID_ARGUMENT", "ApiKeyService/Create", "unknown scope"),
      { what: "an API key" },
      "an API key: unknown scope (INVALID_ARGUMENT, ApiKeyService/Create, request req-1)",
    ],
    [
      "keeps a sentence that was made where more was known",
      new CloudError({ code: "UNAVAILABLE", method: "X/Get", rawMessage: "no", sentence: "it cannot be reached" }),
      { what: "folder f" },
      "folder f: it cannot be reached (UNAVAILABLE, X/Get)",
    ],
    ["takes any error", new Error("odd"), { what: "folder f" }, "folder f: odd"],
  ])("gives one sentence: %s", (_name, error, about, sentence) => {
    expect(describeError(error, about).message).toBe(sentence);
  });

  it.each([
    ["ServiceAccountService/Delete", "iam.serviceAccounts.admin"],
    ["CreateServiceAccount", "iam.serviceAccounts.admin"],
    ["ApiKeyService/Create", "iam.serviceAccounts.apiKeyAdmin"],
    ["DeleteApiKey", "iam.serviceAccounts.apiKeyAdmin"],
    ["FolderService/UpdateAccessBindings", "admin"],
    ["FolderService/ListAccessBindings", "resource-manager.viewer"],
    ["ServiceAccountService/Get", "iam.viewer"],
    ["ApiKeyService/List", "iam.viewer"],
    ["FolderService/Get", "resource-manager.viewer"],
    ["PayloadService/Get", "lockbox.payloadViewer"],
    ["SecretService/AddVersion", "lockbox.editor"],
    ["AddVersion", "lockbox.editor"],
  ])("knows that %s needs %s", (method, role) => {
    const { message } = describeError(refusal("PERMISSION_DENIED", method, "no"), { what: "it" });

    expect(message).toContain(`lacks the role ${role} on the folder;`);
  });

  it("leaves the kind of the refusal to be asked", () => {
    const explained = describeError(refusal("NOT_FOUND", "ApiKeyService/Get", "no"), { what: "it" });

    expect(isNotFound(explained)).toBe(true);
    expect(isNotFound(describeError(explained, { what: "again" }))).toBe(true);
  });
});

describe("the kind of a refusal", () => {
  it("follows from its code", () => {
    expect(isAlreadyExists(refusal("ALREADY_EXISTS", "X/Y", ""))).toBe(true);
    expect(isPermissionDenied(refusal("PERMISSION_DENIED", "X/Y", ""))).toBe(true);
    expect(isConflict(refusal("ABORTED", "X/Y", ""))).toBe(true);
    expect(isConflict(refusal("FAILED_PRECONDITION", "X/Y", `conflicting operation "a" detected`))).toBe(true);
    expect(isConflict(refusal("FAILED_PRECONDITION", "X/Y", "in use"))).toBe(false);
    expect(
      conflictingOperationOf(refusal("ABORTED", "X/Y", "Conflicting operation aje90000000000000001 detected")),
    ).toBe("aje90000000000000001");
    expect(conflictingOperationOf(refusal("ABORTED", "X/Y", "another conflicting operation detected"))).toBeUndefined();
    expect(quotaOf(refusal("RESOURCE_EXHAUSTED", "X/Y", "too many requests"))).toBeUndefined();
    for (const isKind of [isNotFound, isAlreadyExists, isConflict, isAmbiguous])
      expect(isKind(new Error())).toBe(false);
  });

  it("is ambiguous only where the request may have taken effect", () => {
    const ambiguous = ["UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED", "UNKNOWN", "INTERNAL"];
    for (let number = 1; number <= 16; number++) {
      const code = codeOf(number);
      const about = { code, method: "X/Y", rawMessage: "" };
      expect(isAmbiguous(new CloudError(about))).toBe(ambiguous.includes(code));
      expect(isAmbiguous(new CloudError({ ...about, sent: false }))).toBe(false);
      expect(isAmbiguous(new OperationFailed(about))).toBe(false);
    }
  });

  it("is unknown for a number that gRPC does not have", () => {
    expect(codeOf(99)).toBe("UNKNOWN");
  });
});

describe("gone", () => {
  it("is only what the cloud says is not there", async () => {
    await expect(undefinedIfNotFound(async () => "here")).resolves.toBe("here");
    await expect(undefinedIfNotFound(() => Promise.reject(refusal("NOT_FOUND", "X/Get", "")))).resolves.toBeUndefined();
    for (const code of ["PERMISSION_DENIED", "UNAVAILABLE", "UNAUTHENTICATED"] as const) {
      await expect(undefinedIfNotFound(() => Promise.reject(refusal(code, "X/Get", "")))).rejects.toThrow(code);
    }
  });
});

describe("a text", () => {
  const word = (min: number, max = min) =>
    fc.string({ unit: fc.constantFrom(..."abcXYZ019-_"), minLength: min, maxLength: max });
  const credential = fc.oneof(
    word(35, 38).map((tail) => `AQVN${tail}`),
    fc.tuple(word(10, 60), word(86)).map(([head, tail]) => `t1.${head}.${tail}`),
    word(40).map((tail) => `y0_${tail}`),
    word(33).map((tail) => `AQAAAA${tail}`),
    fc.tuple(word(10, 80), word(10, 80), word(10, 80)).map(([a, b, c]) => `eyJ${a}.${b}.${c}`),
    word(60).map((body) => `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----`),
  );

  it("never shows a credential, at any place in it", () => {
    fc.assert(
      fc.property(credential, fc.constantFrom("", " ", "'", `"token":"`, "Bearer "), (secret, before) => {
        const made = new CloudError({ code: "UNKNOWN", method: "X/Y", rawMessage: `${before}${secret}' refused` });
        const shown = [redact(`${before}${secret} x`), made.message, describeError(made, { what: "it" }).message];
        shown.push(describeError(new Error(secret), { what: "it" }).message);
        const body = secret.replace(/^-----.*-----\n/, "").slice(8, 30);
        for (const text of shown) expect(text).not.toContain(body);
      }),
    );
  });

  it("stays as it is without one", () => {
    const text = `Unknown api key 'AQVN****98iI (CE9D1A49)' of aje00000000000000001 in ${FOLDER}, t1 at 2026-01-01T00:00:00Z`;

    expect(redact(text)).toBe(text);
  });
});
