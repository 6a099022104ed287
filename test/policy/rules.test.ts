import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { authorityMistake, holderMistake, memberMistake, outsiderMistake, roleMistake } from "../../policy/grantRules";
import { expiryMistake, scopeMistake } from "../../policy/keyRules";
import type { Connected } from "../../policy/resources";
import { rulesAt } from "../../policy/rules";
import { claimsOf } from "../../policy/claims";
import { parseRules } from "../../policy/settings";
import { capabilityTable } from "../../components/capabilities";

const NOW = Date.parse("2026-06-01T00:00:00Z");

const resource = (kind: string, props: object = {}, from: Connected["propertyDependencies"] = {}): Connected => ({
  type: `yandex:index/${kind.charAt(0).toLowerCase()}${kind.slice(1)}:${kind}`,
  name: "shop",
  props: props as Record<string, unknown>,
  propertyDependencies: from,
});

const key = (props: object = {}) => resource("IamServiceAccountApiKey", props);
const grant = (props: object = {}, from: Connected["propertyDependencies"] = {}) =>
  resource("ResourcemanagerFolderIamMember", props, from);
const account = resource("IamServiceAccount");

/** Properties of which a preview does not know `name`: reading it throws, as the framework's own do. */
const unknown = (name: string): object =>
  Object.defineProperty({}, name, {
    get: () => {
      throw new Error("not known yet");
    },
  });

describe("scopes of an API key", () => {
  it.each([{}, { scopes: undefined }, { scopes: null }, { scopes: [] }, { scopes: "yc.ai.languageModels.execute" }])(
    "must be listed: %j is refused",
    (props) => expect(scopeMistake(key(props))).toMatch(/^API key "shop" has no scopes, .*: list in "scopes"/),
  );

  it("may be any that are listed", () => {
    expect(scopeMistake(key({ scopes: ["yc.ai.languageModels.execute"] }))).toBeUndefined();
  });

  it("are asked of nothing else", () => {
    expect(scopeMistake(account)).toBeUndefined();
    expect(scopeMistake({ ...key(), type: "aws:iam/accessKey:AccessKey" })).toBeUndefined();
  });
});

describe("expiry of an API key", () => {
  const mistakeOf = (props: object) => expiryMistake(key(props), 90, NOW);

  it.each([{}, { expiresAt: null }, { expiresAt: "" }])("must be set: %j is refused", (props) =>
    expect(mistakeOf(props)).toMatch(/never expires.*at most 90 days ahead/),
  );

  it("may lie as many days ahead as the rules allow, and not a second more", () => {
    expect(mistakeOf({ expiresAt: "2026-08-30T00:00:00Z" })).toBeUndefined();
    expect(mistakeOf({ expiresAt: "2026-08-30T00:00:01Z" })).toMatch(/expires in 91 days, and these rules allow 90/);
  });

  it("must be a time", () => {
    expect(mistakeOf({ expiresAt: "soon" })).toMatch(/expires at "soon", which is not a time/);
  });

  it("may have passed: the cloud has ended such a key already", () => {
    expect(mistakeOf({ expiresAt: "2020-01-01T00:00:00Z" })).toBeUndefined();
  });
});

describe("the rule role-is-narrow", () => {
  it.each(
    [
      ["admin", "editor", "viewer", "ai.admin", "ai.editor", "iam.serviceAccounts.user"],
      ["lockbox.payloadViewer", "kms.keys.decrypter", "billing.accounts.owner", "resource-manager.clouds.owner"],
      ["k8s.admin", "k8s.cluster-api.cluster-admin", "compute.editor", "storage.editor", "vpc.editor", "mdb.editor"],
      ["serverless.functions.invoker", "dns.editor", "ai.user", "ai.languageModels.users", "xai.translate.user"],
    ].flat(),
  )("refuses %s", (role) => {
    expect(roleMistake(grant({ role }), [])).toMatch(`"shop" gives the role ${role}, which`);
  });

  it("allows the roles of every capability, and every role that uses one AI service", () => {
    const roles = Object.values(capabilityTable).flatMap((each) => [...each.roles]);

    expect([...roles, "ai.somethingNew.user"].filter((role) => roleMistake(grant({ role }), []))).toEqual([]);
  });

  it("allows a role that the team lists, and no other that begins like it", () => {
    const mistake = (role: string) => roleMistake(grant({ role }), ["storage.viewer"]);

    expect(mistake("storage.viewer")).toBeUndefined();
    expect(mistake("storage.viewerAndMore")).toBeDefined();
    expect(mistake("storageXviewer")).toBeDefined();
  });

  it("allows to read one Lockbox secret, and not all secrets of a folder", () => {
    const role = "lockbox.payloadViewer";

    expect(roleMistake(resource("LockboxSecretIamMember", { role }), [])).toBeUndefined();
    expect(roleMistake(grant({ role }), [])).toContain("allows more than calls to models");
    expect(roleMistake(resource("LockboxSecretIamMember", { role: "lockbox.admin" }), [])).toBeDefined();
  });

  it("looks at every kind of grant for one member", () => {
    expect(roleMistake(resource("ResourcemanagerCloudIamMember", { role: "admin" }), [])).toBeDefined();
  });
});

describe("a grant", () => {
  it.each(["ResourcemanagerFolderIamBinding", "ResourcemanagerFolderIamPolicy", "IamServiceAccountIamBinding"])(
    "must not be %s, which removes what others have granted",
    (kind) => expect(authorityMistake(resource(kind))).toMatch(/removes what others granted: use .*IamMember/),
  );

  it("removes nothing if it is of one role to one member", () => {
    expect(authorityMistake(grant())).toBeUndefined();
  });

  const mistake = (subject: Connected, trusted: string[] = []) =>
    memberMistake(subject, trusted, claimsOf([account, subject])) ?? outsiderMistake(subject, trusted);

  it("is for a service account of the stack, also while the account has no ID", () => {
    const made = { member: [account] };
    expect(mistake(grant({ member: "serviceAccount:aje1" }, made))).toBeUndefined();
    expect(mistake(grant(unknown("member"), made))).toBeUndefined();
  });

  it("is for nobody else, known or not", () => {
    expect(mistake(grant({ member: "serviceAccount:aje1" }))).toMatch(/is for serviceAccount:aje1, not for/);
    expect(mistake(grant({ member: "system:allUsers" }, { member: [account] }))).toMatch(/system:allUsers/);
    expect(mistake(grant(unknown("member")))).toMatch(/a member that is known only later/);
    expect(mistake(grant(unknown("member"), { role: [account] }))).toBeDefined();
  });

  it("may be for a member that the team trusts", () => {
    expect(mistake(grant({ member: "group:g1" }), ["group:g1"])).toBeUndefined();
    expect(mistake(grant({ member: "group:g10" }), ["group:g1"])).toBeDefined();
  });

  it("names the ID that the account has everywhere else, not only one that was made from it", () => {
    const liar = grant({ member: "serviceAccount:aje9" }, { member: [account] });
    const honest = resource("IamServiceAccountApiKey", { serviceAccountId: "aje1" }, { serviceAccountId: [account] });
    const claims = claimsOf([account, liar, honest]);

    expect(memberMistake(liar, [], claims)).toMatch(/names aje9, while other resources made from it name aje1: use/);
    expect(holderMistake(honest, [], claims)).toMatch(/Key "shop" is made from .* names aje1, while .* name aje9/);
    expect(memberMistake(liar, ["serviceAccount:aje9"], claims)).toBeUndefined();
  });

  it("names the ID that a bridged provider repeats among the outputs of the account", () => {
    const bridged = resource("IamServiceAccount", { id: "aje1" });
    const liar = grant({ member: "serviceAccount:aje9" }, { member: [bridged] });

    expect(memberMistake(liar, [], claimsOf([bridged, liar]))).toMatch(/names aje9, while .* name aje1/);
  });
});

describe("a key", () => {
  const kinds = ["IamServiceAccountApiKey", "IamServiceAccountKey", "IamServiceAccountStaticAccessKey"];
  const mistake = (subject: Connected, trusted: string[] = []) =>
    holderMistake(subject, trusted, claimsOf([account, subject]));

  it.each(kinds)("is for a service account of the stack, or one that the team trusts (%s)", (kind) => {
    const holder = { serviceAccountId: "aje1" };
    expect(mistake(resource(kind, holder, { serviceAccountId: [account] }))).toBeUndefined();
    expect(mistake(resource(kind, unknown("serviceAccountId"), { serviceAccountId: [account] }))).toBeUndefined();
    expect(mistake(resource(kind, holder), ["aje1"])).toBeUndefined();
    expect(mistake(resource(kind, holder), ["aje10"])).toMatch(/"shop" is for service account aje1, which this/);
    expect(mistake(resource(kind, unknown("serviceAccountId")), ["aje1"])).toMatch(/known only later/);
  });
});

describe("the settings of the rules", () => {
  const parse = (settings: unknown) => parseRules(JSON.stringify(settings), "rules.json");

  it("are those of the file, and the defaults", () => {
    expect(
      parse({
        "key-expires": { mostDays: 120, enforcementLevel: "mandatory" },
        "role-is-narrow": { allowedRoles: ["storage.viewer"] },
        "grant-to-own-account": { trusted: ["group:g1"] },
        "key-has-scopes": "advisory",
        all: "mandatory",
      }),
    ).toEqual({ mostDays: 120, allowedRoles: ["storage.viewer"], trustedMembers: ["group:g1"], trustedAccounts: [] });
    expect(parse({})).toMatchObject({ mostDays: 366 });
  });

  it.each([
    [{ "key-expires": { mostDay: 30 } }, '"mostDay" is not a setting of rule "key-expires" (did you mean "mostDays"?)'],
    [{ "role-is-narow": "advisory" }, '"role-is-narow" is not a rule (did you mean "role-is-narrow"?)'],
    [{ "key-expires": { mostDays: "30" } }, '"mostDays" of "key-expires" must be a whole number of at least 1'],
    [{ "role-is-narrow": { allowedRoles: "a" } }, '"allowedRoles" of "role-is-narrow" must be a list of texts'],
    [{ "key-expires": "advisry" }, '"key-expires" must be advisory, mandatory, remediate, disabled, or an object'],
    [{ "key-has-scopes": { days: 1 } }, '"days" is not a setting of rule "key-has-scopes" (it has no settings)'],
    [[], "rules.json is not a JSON object"],
  ])("refuse %j with a sentence", (settings, sentence) => {
    expect(() => parse(settings)).toThrow(sentence);
  });

  it("name every mistake at once", () => {
    expect(() => parse({ a: 1, "key-expires": { b: 1 } })).toThrow(/^rules\.json: "a" is not a rule.*; "b" is not/);
  });
});

describe("the pack", () => {
  const named = (name: string) => rulesAt(() => NOW).find((rule) => rule.name === name);

  it("refuses a setting that its rule does not have", () => {
    const rule = named("key-expires") as ResourceValidationPolicy;
    const args = { ...key(), getConfig: () => ({ mostDays: 366, mostDay: 30 }) };

    expect(() => (rule.validateResource as any)(args, () => {})).toThrow(/"mostDay" is not a setting of rule "key-exp/);
  });

  it("names what is wrong with a resource to whom it concerns", () => {
    const reported: string[] = [];
    const rule = named("key-expires") as ResourceValidationPolicy;
    const args = { ...key({ expiresAt: "2027-06-01T00:00:00Z" }), getConfig: () => ({ mostDays: 30 }) };
    void (rule.validateResource as any)(args, (message: string) => reported.push(message));
    expect(reported).toEqual([expect.stringMatching(/expires in 365 days, and these rules allow 30/)]);
  });

  it("reports a stack's mistakes at the resource that has them", () => {
    const reported: unknown[] = [];
    const rule = named("grant-to-own-account") as StackValidationPolicy;
    const resources = [account, { ...grant({ member: "serviceAccount:aje9" }), urn: "urn:of-the-grant" }];
    const args = { resources, getConfig: () => ({ trusted: [] }) };
    void rule.validateStack(args as any, (_, urn) => reported.push(urn));
    expect(reported).toEqual(["urn:of-the-grant"]);
  });
});
