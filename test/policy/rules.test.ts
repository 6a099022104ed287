import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { authorityMistake, holderMistake, memberMistake, roleMistake } from "../../policy/grantRules";
import { expiryMistake, scopeMistake } from "../../policy/keyRules";
import type { Connected } from "../../policy/resources";
import { rulesAt } from "../../policy/rules";
import { BROAD_ROLES, isBroad } from "../../policy/settings";
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
    expect(mistakeOf({ expiresAt: "soon" })).toMatch(/expires at "soon", which is no time/);
  });

  it("may have passed: the cloud has ended such a key already", () => {
    expect(mistakeOf({ expiresAt: "2020-01-01T00:00:00Z" })).toBeUndefined();
  });
});

describe("roles", () => {
  it.each(["admin", "editor", "viewer", "ai.admin", "resource-manager.clouds.owner", "iam.serviceAccounts.user"])(
    "%s is more than an application needs",
    (role) => expect(roleMistake(grant({ role }), BROAD_ROLES)).toMatch(`"shop" gives the role ${role}, which`),
  );

  it("of every capability are narrow enough", () => {
    const roles = Object.values(capabilityTable).flatMap((each) => [...each.roles]);
    expect(roles.filter((role) => isBroad(role, BROAD_ROLES))).toEqual([]);
  });

  it("match a pattern as a whole, and a dot only a dot", () => {
    expect(isBroad("ai.editor", ["editor", "ai-editor", "aiXeditor"])).toBe(false);
    expect(isBroad("aiXeditor", ["ai.editor"])).toBe(false);
    expect(isBroad("ai.models.editor", ["ai.*.editor"])).toBe(true);
  });

  it("are looked at in every kind of grant for one member", () => {
    expect(roleMistake(resource("ResourcemanagerCloudIamMember", { role: "admin" }), BROAD_ROLES)).toBeDefined();
  });
});

describe("a grant", () => {
  it.each(["ResourcemanagerFolderIamBinding", "ResourcemanagerFolderIamPolicy", "IamServiceAccountIamBinding"])(
    "must not be %s, which takes away what others have granted",
    (kind) => expect(authorityMistake(resource(kind))).toMatch(/removes what others granted: use .*IamMember/),
  );

  it("of one role to one member removes nothing", () => {
    expect(authorityMistake(grant())).toBeUndefined();
  });

  it("is for a service account of the stack, also while the account has no ID", () => {
    const made = { member: [account] };
    expect(memberMistake(grant({ member: "serviceAccount:aje1" }, made), [])).toBeUndefined();
    expect(memberMistake(grant(unknown("member"), made), [])).toBeUndefined();
  });

  it("is for nobody else, known or not", () => {
    expect(memberMistake(grant({ member: "serviceAccount:aje1" }), [])).toMatch(/is for serviceAccount:aje1, not for/);
    expect(memberMistake(grant({ member: "system:allUsers" }, { member: [account] }), [])).toMatch(/system:allUsers/);
    expect(memberMistake(grant(unknown("member")), [])).toMatch(/a member that is known only later/);
    expect(memberMistake(grant(unknown("member"), { role: [account] }), [])).toBeDefined();
  });

  it("may be for a member that the team trusts", () => {
    expect(memberMistake(grant({ member: "group:g1" }), ["group:g1"])).toBeUndefined();
    expect(memberMistake(grant({ member: "group:g10" }), ["group:g1"])).toBeDefined();
  });
});

describe("a key", () => {
  const kinds = ["IamServiceAccountApiKey", "IamServiceAccountKey", "IamServiceAccountStaticAccessKey"];

  it.each(kinds)("(%s) is for a service account of the stack, or one that the team trusts", (kind) => {
    const holder = { serviceAccountId: "aje1" };
    expect(holderMistake(resource(kind, holder, { serviceAccountId: [account] }), [])).toBeUndefined();
    expect(holderMistake(resource(kind, unknown("serviceAccountId"), { serviceAccountId: [account] }), [])).toBe(
      undefined,
    );
    expect(holderMistake(resource(kind, holder), ["aje1"])).toBeUndefined();
    expect(holderMistake(resource(kind, holder), ["aje10"])).toMatch(/"shop" is for service account aje1, which this/);
    expect(holderMistake(resource(kind, unknown("serviceAccountId")), ["aje1"])).toMatch(/known only later/);
  });
});

describe("the pack", () => {
  const named = (name: string) => rulesAt(() => NOW).find((rule) => rule.name === name);

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
    const resources = [account, { ...grant({ member: "userAccount:u1" }), urn: "urn:of-the-grant" }];
    const args = { resources, getConfig: () => ({ trusted: [] }) };
    void rule.validateStack(args as any, (_, urn) => reported.push(urn));
    expect(reported).toEqual(["urn:of-the-grant"]);
  });
});
