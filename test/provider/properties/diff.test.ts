import { checkInputs } from "../../../provider/properties/check";
import { diffInputs } from "../../../provider/properties/diff";
import { instant, sameMeaning, set, time } from "../../../provider/properties";
import { resources } from "../../../provider/resources/index";
import { UNKNOWN } from "../../../provider/properties/values";
import type { PlainProperties } from "../../../provider/properties/values";
import { fc } from "../../support/properties";

const tableOf = (name: string) => Object.values(resources).find(({ token }) => token.endsWith(`:${name}`))!.properties;

const ACCOUNT = { name: "shop-dev", folderId: "b1g00000000000000001", description: "d", labels: { a: "1", b: "2" } };
const GRANT = {
  folderId: "b1g00000000000000001",
  role: "ai.languageModels.user",
  member: "serviceAccount:aje00000000000000001",
};
const KEY = {
  serviceAccountId: "aje00000000000000001",
  description: "d",
  scopes: ["yc.ai.languageModels.execute", "yc.ai.imageGeneration.execute"],
  expiresAt: "2030-01-01T00:00:00Z",
};

describe("a change of", () => {
  const cases: [resource: string, before: PlainProperties, change: PlainProperties, expected: string[]][] = [
    ["IamServiceAccount", ACCOUNT, {}, []],
    ["IamServiceAccount", ACCOUNT, { name: "shop-test" }, ["update name"]],
    ["IamServiceAccount", ACCOUNT, { description: "other" }, ["update description"]],
    ["IamServiceAccount", ACCOUNT, { description: undefined as never }, ["delete description"]],
    ["IamServiceAccount", ACCOUNT, { labels: { b: "2", a: "1" } }, []],
    [
      "IamServiceAccount",
      ACCOUNT,
      { labels: { a: "9", c: "3" } },
      ["update labels.a", "delete labels.b", "add labels.c"],
    ],
    ["IamServiceAccount", ACCOUNT, { labels: {} }, ["delete labels"]],
    ["IamServiceAccount", ACCOUNT, { folderId: "b1g00000000000000002" }, ["update folderId, replace"]],
    ["IamServiceAccount", ACCOUNT, { folderId: UNKNOWN }, ["update folderId, replace"]],
    ["ResourcemanagerFolderIamMember", GRANT, { role: "ai.imageGeneration.user" }, ["update role, replace"]],
    ["ResourcemanagerFolderIamMember", GRANT, { member: UNKNOWN }, ["update member, replace"]],
    ["IamServiceAccountApiKey", KEY, { scopes: [...KEY.scopes].reverse() }, []],
    ["IamServiceAccountApiKey", KEY, { scopes: [KEY.scopes[0]!] }, ["update scopes"]],
    ["IamServiceAccountApiKey", KEY, { expiresAt: "2030-01-01T03:00:00.000+03:00" }, []],
    ["IamServiceAccountApiKey", KEY, { expiresAt: undefined as never }, ["delete expiresAt"]],
    ["IamServiceAccountApiKey", KEY, { serviceAccountId: UNKNOWN }, ["update serviceAccountId, replace"]],
    ["IamServiceAccountApiKey", KEY, { pgpKey: "mQENB" }, ["add pgpKey, replace"]],
  ];

  it.each(cases)("is planned as declared: %s %#: %j with %j", (resource, before, change, expected) => {
    const changes = diffInputs(tableOf(resource), before, { ...before, ...change });

    expect(changes.map(({ kind, path, replace }) => `${kind} ${path}${replace ? ", replace" : ""}`)).toEqual(expected);
  });
});

describe("equal values", () => {
  it("are equal moments in any zone and with any number of zeros", () => {
    const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });
    fc.assert(
      fc.property(
        fc.date({ min: new Date("1970-01-02"), max: new Date("2100-01-01"), noInvalidDate: true }),
        offset,
        (date, minutes) => {
          const sign = minutes < 0 ? "-" : "+";
          const two = (number: number) => String(Math.abs(number)).padStart(2, "0");
          const local = new Date(date.getTime() + minutes * 60_000).toISOString().replace("Z", "");
          const spelled = `${local}000${sign}${two(Math.trunc(minutes / 60))}:${two(minutes % 60)}`;

          expect(instant(spelled)).toBe(date.getTime());
          expect(sameMeaning(time(""), spelled, date.toISOString())).toBe(true);
        },
      ),
    );
  });

  it("are sets with the same members in any order", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 })), (members) => {
        expect(sameMeaning(set(""), members, [...members].sort().reverse())).toBe(true);
      }),
    );
  });
});

describe("a mistake in the inputs", () => {
  const NOW = Date.parse("2026-06-01T00:00:00Z");
  const cases: [resource: string, inputs: PlainProperties, property: string, reason: RegExp][] = [
    ["IamServiceAccount", { ...ACCOUNT, name: "Shop" }, "name", /"Shop" must have 3 to 63 lower-case letters/],
    ["IamServiceAccount", { ...ACCOUNT, name: "shop-" }, "name", /not end with a hyphen/],
    ["IamServiceAccount", { ...ACCOUNT, folderId: "fd800000000000000001" }, "folderId", /must be the ID of a folder/],
    ["IamServiceAccount", { ...ACCOUNT, folderId: "b1g00000000000000001\n" }, "folderId", /white space/],
    [
      "IamServiceAccount",
      { ...ACCOUNT, description: "x".repeat(257) },
      "description",
      /has 257 characters; at most 256/,
    ],
    ["IamServiceAccount", { ...ACCOUNT, labels: { A: "1" } }, "labels", /has "A", which must begin with a letter/],
    [
      "IamServiceAccount",
      { ...ACCOUNT, folderID: "x" },
      "folderID",
      /is not a property of this resource; did you mean folderId\?/,
    ],
    ["IamServiceAccount", { ...ACCOUNT, createdAt: "x" }, "createdAt", /is made by the cloud and cannot be given/],
    [
      "ResourcemanagerFolderIamMember",
      { ...GRANT, member: "aje00000000000000001" },
      "member",
      /must be a kind of member, a colon and an ID/,
    ],
    ["IamServiceAccountApiKey", { ...KEY, serviceAccountId: "" }, "serviceAccountId", /is required and was not given/],
    ["IamServiceAccountApiKey", { ...KEY, serviceAccountId: "  " }, "serviceAccountId", /white space/],
    ["IamServiceAccountApiKey", { ...KEY, scopes: ["a", "a"] }, "scopes", /names "a" twice; name it once/],
    ["IamServiceAccountApiKey", { ...KEY, scopes: "a" }, "scopes", /must be a list of strings/],
    [
      "IamServiceAccountApiKey",
      { ...KEY, expiresAt: "2030-01-01" },
      "expiresAt",
      /is not a moment in time; write it as/,
    ],
    ["IamServiceAccountApiKey", { ...KEY, expiresAt: "2030-02-31T00:00:00Z" }, "expiresAt", /is not a moment in time/],
    ["IamServiceAccountApiKey", { ...KEY, expiresAt: "2026-05-31T23:59:59Z" }, "expiresAt", /has already passed/],
    ["IamServiceAccountApiKey", { ...KEY, expiresAt: "2106-01-01T00:00:00Z" }, "expiresAt", /nothing after 2105-12-31/],
    [
      "IamServiceAccountApiKey",
      { ...KEY, outputToLockbox: { secretId: "e6q" } },
      "outputToLockbox",
      /has entryForSecretKey, which is required/,
    ],
  ];

  it.each(cases)("is reported: of %s, %j", (resource, inputs, property, reason) => {
    const failures = checkInputs(tableOf(resource), inputs, { old: {}, now: NOW, secret: new Set() });

    expect(failures).toEqual([{ property, reason: expect.stringMatching(reason) }]);
  });

  it("does not show a value that the user marked as secret", () => {
    const options = { old: {}, now: NOW, secret: new Set(["name", "scopes", "expiresAt"]) };
    const inputs = { ...KEY, scopes: ["hush-hush", "hush-hush"], expiresAt: "hush" };

    const failures = checkInputs(tableOf("IamServiceAccountApiKey"), inputs, options);

    expect(failures.map(({ property }) => property)).toEqual(["scopes", "expiresAt"]);
    expect(JSON.stringify(failures)).not.toContain("hush");
  });

  it("is not a time that has come since it was accepted", () => {
    const inputs = { ...KEY, expiresAt: "2026-05-01T00:00:00Z" };

    expect(
      checkInputs(tableOf("IamServiceAccountApiKey"), inputs, { old: inputs, now: NOW, secret: new Set() }),
    ).toEqual([]);
  });

  it("is not a value that is not known yet", () => {
    const inputs: PlainProperties = { ...KEY, serviceAccountId: UNKNOWN, scopes: [UNKNOWN], expiresAt: UNKNOWN };

    expect(checkInputs(tableOf("IamServiceAccountApiKey"), inputs, { old: {}, now: NOW, secret: new Set() })).toEqual(
      [],
    );
  });
});
