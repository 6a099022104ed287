import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { startStack } from "../../support/stack";

const ACCOUNT = "aje00000000000000001";
const NO_FOLDER = "b1g00000000000000009";
const TEXT = "ai.languageModels.user";
const scopes = ["yc.ai.languageModels.execute"];

/** Declares one thing under a name, on a cloud. */
type Declare = (name: string, cloud: Emulator) => unknown;

const account =
  (args: yandex.IamServiceAccountArgs = {}): Declare =>
  (name) =>
    new yandex.IamServiceAccount(name, { name: "shop-dev", ...args });
const grant =
  (args: Partial<yandex.ResourcemanagerFolderIamMemberArgs> = {}): Declare =>
  (name, { folderId }) => {
    const right = { folderId, role: TEXT, member: `serviceAccount:${ACCOUNT}` };
    return new yandex.ResourcemanagerFolderIamMember(name, { ...right, ...args });
  };
const key =
  (args: Partial<yandex.IamServiceAccountApiKeyArgs> = {}): Declare =>
  (name) =>
    new yandex.IamServiceAccountApiKey(name, { serviceAccountId: ACCOUNT, scopes, ...args });

type Mistake = [what: string, declare: Declare, words: string];

/** Seen without asking anybody. */
const malformed: Mistake[] = [
  ["a name of capitals", account({ name: "Shop" }), "must have 3 to 63 lower-case letters, digits and hyphens"],
  ["the name of a folder for its ID", account({ folderId: "prod" }), "must be the ID of a folder"],
  // Case 13.
  ["the ID of an image for a folder", account({ folderId: "fd800000000000000001" }), "must be the ID of a folder"],
  ["a line break in an ID", account({ folderId: `${NO_FOLDER}\n` }), "begins or ends with white space"],
  ["the provider's own label", account({ labels: { "pulumi-resource": "x" } }), "which the provider sets itself"],
  ["a member without its kind", grant({ member: ACCOUNT }), "must be a kind of member, a colon and an ID"],
  // Case 30.
  ["an expiry that has passed", key({ expiresAt: "2020-01-01T00:00:00Z" }), "has already passed"],
  ["a day for a moment", key({ expiresAt: "2099-01-01" }), "is not a moment in time"],
  ["scopes and their default", key({ defaultScopes: true }), "cannot be set together with scopes"],
  // Case 32.
  ["a scope twice", key({ scopes: [...scopes, ...scopes] }), 'names "yc.ai.languageModels.execute" twice'],
  ["a text that is not a public key", key({ pgpKey: "no key" }), "is not an OpenPGP public key"],
];

/** Seen by the cloud only. */
const unknown: Mistake[] = [
  // Case 35.
  [
    "a role",
    grant({ role: "ai.languageModel.user" }),
    `role ai.languageModel.user does not exist; did you mean ${TEXT}?`,
  ],
  ["a role like no other", grant({ role: "zzz" }), "role zzz does not exist"],
  ["a scope", key({ scopes: ["yc.ai.languageModel.execute"] }), `does not exist; did you mean ${scopes[0]}?`],
  ["a folder for an account", account({ folderId: NO_FOLDER }), `folderId ${NO_FOLDER} does not exist`],
  ["a folder for a grant", grant({ folderId: NO_FOLDER }), `folderId ${NO_FOLDER} does not exist`],
  // Case 5.
  [
    "a user who is a service account",
    (name, cloud) => grant({ member: `userAccount:${cloud.snapshot().accounts[0]?.id}` })(name, cloud),
    "is a service account; write serviceAccount:",
  ],
];

describe("a preview, before anything is changed,", () => {
  it.each([
    ["what can be seen without asking anybody", malformed],
    ["what the cloud does not know", unknown],
  ])("refuses %s", async (_what, mistakes) => {
    await using cloud = await startCloud();
    cloud.addAccount({ name: "app" });
    await using stack = await startStack(cloud, async () => {});

    const told: Record<string, string> = {};
    for (const [what, declare] of mistakes) {
      stack.program(async () => void declare("it", cloud));
      const { error, output } = await stack.tryPreview();
      told[what] = error === undefined ? "nothing" : output;
    }

    const words = mistakes.map(([what, , text]) => [what, expect.stringContaining(text)] as const);
    expect(told).toEqual(Object.fromEntries(words));
    expect(Object.values(told).join()).not.toMatch(/\n\s+at /);
    expect(cloud.calls.filter(({ wrote }) => wrote !== undefined)).toEqual([]);
  });

  it("refuses mistakes that a change would bring in, too", async () => {
    await using cloud = await startCloud();
    const serviceAccountId = cloud.addAccount({ name: "app" });
    await using stack = await startStack(cloud, async () => void key({ serviceAccountId })("it", cloud));
    await stack.up();

    const misspelled = key({ serviceAccountId, scopes: ["yc.ai.languageModel.execute"] });
    stack.program(async () => void misspelled("it", cloud));

    expect((await stack.tryPreview()).error).toContain(`did you mean ${scopes[0]}?`);
  });
});

describe("a preview says nothing of what only the cloud knows", () => {
  it.each(["PERMISSION_DENIED", "UNIMPLEMENTED", "INTERNAL", "UNAUTHENTICATED"] as const)(
    "refuses nothing where the cloud answers %s",
    async (code) => {
      await using cloud = await startCloud();
      cloud.addAccount({ name: "app" });
      cloud.fault({ method: "*", code, times: "always" });
      await using stack = await startStack(cloud, async () => {
        for (const [what, declare] of unknown) declare(what.replaceAll(" ", "-"), cloud);
      });

      const { steps, output } = await stack.preview();

      expect(Object.values(steps)).toEqual(unknown.map(() => "create"));
      expect(output).not.toMatch(/warning|error/i);
    },
  );

  it("refuses a role that does not exist, where only the names of the others are hidden", async () => {
    await using cloud = await startCloud();
    cloud.fault({ method: "RoleService/List", code: "PERMISSION_DENIED", times: "always" });
    await using stack = await startStack(cloud, async () => void grant({ role: "ai.languageModel.user" })("it", cloud));

    const { error } = await stack.tryPreview();

    expect(error).toContain("role ai.languageModel.user does not exist");
    expect(error).not.toContain("did you mean");
  });
});

// Case 35.
it("accepts a scope that the cloud has only just got", async () => {
  await using cloud = await startCloud();
  const scope = "yc.ai.newest.execute";
  const serviceAccountId = cloud.addAccount({ name: "app" });
  await using stack = await startStack(cloud, async () => void key({ serviceAccountId, scopes: [scope] })("it", cloud));
  expect((await stack.tryPreview()).error).toContain(`has ${scope}, which does not exist`);

  cloud.switches.scopes = [...cloud.switches.scopes, scope];
  await stack.up();

  expect(cloud.snapshot().apiKeys).toMatchObject([{ scopes: [scope] }]);
});

it("asks each question once in a preview, however many resources want to know", async () => {
  await using cloud = await startCloud();
  await using stack = await startStack(cloud, async () => {
    for (let n = 10; n < 30; n++) {
      const member = `serviceAccount:aje000000000000000${n}`;
      new yandex.ResourcemanagerFolderIamMember(`grant-${n}`, { folderId: cloud.folderId, role: TEXT, member });
      new yandex.IamServiceAccountApiKey(`key-${n}`, { serviceAccountId: member.slice(15), scopes });
    }
  });

  expect(Object.keys((await stack.preview()).steps)).toHaveLength(40);

  const asked = cloud.calls.map(({ method }) => method).sort();
  expect(asked).toEqual([
    "ApiEndpointService/List",
    "ApiKeyService/ListScopes",
    "FolderService/Get",
    "RoleService/Get",
  ]);
});
