import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import * as yandex from "@pulumi/yandex";
import { access } from "../support/access";
import { startCloud } from "../support/cloud";
import { startStack } from "../support/stack";

const PACK = join(process.cwd(), "policy", "pulumi-analyzer-yandex-ai-access");

const daysAhead = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

describe("the policy pack, in the engine", () => {
  it("lets an application pass whose access is narrow and whose key expires, at preview and when it is made", async () => {
    await using checked = await startChecked(access({ apiKey: { expiresAt: daysAhead(90) } }));

    expect(await checked.preview()).toMatchObject({ passed: true, mistakes: [] });
    expect(await checked.up()).toMatchObject({ passed: true, mistakes: [] });
    expect(checked.cloud.snapshot().apiKeys).toHaveLength(1);
    expect(await checked.preview()).toMatchObject({ passed: true, mistakes: [] });
  });

  it("stops a key that never expires: at preview, and where nobody looked at one, before the key is made", async () => {
    await using checked = await startChecked(access());
    const stopped = { passed: false, mistakes: [expect.stringMatching(/^API key "shop" never expires/)] };

    expect(await checked.preview()).toMatchObject(stopped);
    expect(await checked.up()).toMatchObject(stopped);

    expect(checked.cloud.snapshot().apiKeys).toEqual([]);
  });

  it("tells all that is wrong with resources that no component has made, while their values are not known yet", async () => {
    await using checked = await startChecked(careless);

    const { passed, mistakes } = await checked.preview();

    expect(passed).toBe(false);
    expect(mistakes.sort()).toEqual([
      expect.stringMatching(/^API key "key" expires in 500 days, and these rules allow 366/),
      expect.stringMatching(/^API key "key" has no scopes/),
      expect.stringMatching(/^Grant "all" gives the role editor/),
      expect.stringMatching(
        /^Grant "all" is for userAccount:ajeu0000000000000001, not for a service account of this stack/,
      ),
      expect.stringMatching(
        /^Key "foreign" is for service account ajef0000000000000001, which this stack does not create/,
      ),
    ]);
  });

  it.each([
    ["a broad role", { role: "admin" }, /^Grant "sly" gives the role admin/],
    ["a role to everybody", { member: "system:allUsers" }, /^Grant "sly" is for system:allUsers/],
  ])("stops an update before it grants %s that no preview could know", async (_, slyly, mistake) => {
    await using checked = await startChecked(sly(slyly));

    expect(await checked.preview()).toMatchObject({ passed: true });
    expect(await checked.up()).toMatchObject({ passed: false, mistakes: [expect.stringMatching(mistake)] });

    expect(JSON.stringify(checked.cloud.snapshot().grants)).not.toMatch(/"ai.vision.user"|allUsers/);
  });

  it("refuses a setting that a rule does not have, and does not fall back to its default", async () => {
    await using checked = await startChecked(access({ apiKey: { expiresAt: daysAhead(90) } }), {
      "key-expires": { mostDay: 30 },
    });

    expect((await checked.preview()).passed).toBe(false);
  });

  it("obeys a team's own settings", async () => {
    await using checked = await startChecked(careless, {
      "key-expires": { mostDays: 600 },
      "key-has-scopes": "disabled",
      "role-is-narrow": { allowedRoles: ["editor"] },
      "grant-to-own-account": { trusted: ["userAccount:ajeu0000000000000001"] },
      "key-of-own-account": { trusted: ["ajef0000000000000001"] },
    });

    expect(await checked.preview()).toMatchObject({ passed: true, mistakes: [] });
  });
});

/** Everything that the rules are against. */
const careless = async (): Promise<void> => {
  const account = new yandex.IamServiceAccount("app", { name: "app-of-somebody" });
  const wide = { defaultScopes: true, expiresAt: daysAhead(499.5) };
  new yandex.IamServiceAccountApiKey("key", { serviceAccountId: account.id, ...wide });
  const scopes = ["yc.ai.languageModels.execute"];
  new yandex.IamServiceAccountApiKey("foreign", {
    serviceAccountId: "ajef0000000000000001",
    scopes,
    expiresAt: daysAhead(90),
  });
  new yandex.ResourcemanagerFolderIamMember("all", {
    folderId: account.folderId,
    role: "editor",
    member: "userAccount:ajeu0000000000000001",
  });
  new yandex.ResourcemanagerFolderIamMember("own", {
    folderId: account.folderId,
    role: "ai.languageModels.user",
    member: pulumi.interpolate`serviceAccount:${account.id}`,
  });
};

/** A grant whose properties come out only once the account has an ID. */
const sly = (properties: { role?: string; member?: string }) => async (): Promise<void> => {
  const { id, folderId } = new yandex.IamServiceAccount("app", { name: "app-of-somebody" });
  const own = pulumi.interpolate`serviceAccount:${id}`;
  const { role = "ai.vision.user", member = own } = properties;
  new yandex.ResourcemanagerFolderIamMember("sly", {
    folderId,
    role: id.apply((known) => known && role),
    member: pulumi.all([id, member]).apply(([known, it]) => known && it),
  });
};

/** A stack on a local cloud of its own, with the pack looking on. */
async function startChecked(program: PulumiFn, settings?: object) {
  const cloud = await startCloud();
  const stack = await startStack(cloud, program);
  const file = join(stack.folder, "settings.json");
  if (settings) await writeFile(file, JSON.stringify(settings));

  const run = async (verb: (options: object) => Promise<unknown>) => {
    const mistakes: string[] = [];
    const onEvent = ({ policyEvent }: pulumi.automation.EngineEvent): void => {
      if (policyEvent) mistakes.push(policyEvent.message.trim().split("\n").at(-1) ?? "");
    };
    const options = { policyPacks: [PACK], policyPackConfigs: settings ? [file] : [], onEvent };
    const passed = await verb(options).then(
      () => true,
      () => false,
    );
    return { passed, mistakes };
  };
  return {
    cloud,
    preview: () => run((options) => stack.engine.preview(options)),
    up: () => run((options) => stack.engine.up(options)),
    async [Symbol.asyncDispose]() {
      await stack[Symbol.asyncDispose]();
      await cloud[Symbol.asyncDispose]();
    },
  };
}
