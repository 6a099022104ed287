import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { leaksOf } from "../support/leakScan";
import { startClone } from "./clone";

const root = join(__dirname, "../..");

const settingsOf = (applications: Record<string, string[]>) =>
  `config:\n  yandex-ai-access:apps: ${JSON.stringify(
    Object.fromEntries(Object.entries(applications).map(([name, capabilities]) => [name, { capabilities }])),
  )}\n`;

/** A clone in which stack local is up, with what it asks for. */
async function startUsedClone(...capabilities: string[]) {
  const clone = startClone();
  const settings = join(clone.folder, "stacks", "Pulumi.local.yaml");
  const write = (applications: Record<string, string[]>) => writeFileSync(settings, settingsOf(applications));
  write({ shop: capabilities });
  await clone.run("start");
  return { ...clone, write };
}

/** A real account's settings, with addresses at which nobody listens. */
const dev = {
  YC_TOKEN: "t1.none",
  YC_FOLDER_ID: "b1gf0000000000000001",
  YC_ENDPOINT: "127.0.0.1:1",
  YC_METADATA_ADDR: "127.0.0.1:1",
  PULUMI_CONFIG_PASSPHRASE: "correct",
};

describe("npm run review", () => {
  it.each([
    ["the sign-in is missing", { YC_TOKEN: "", YC_METADATA_ADDR: "" }, "No credentials for Yandex Cloud"],
    ["the passphrase is empty", { PULUMI_CONFIG_PASSPHRASE: "" }, "PULUMI_CONFIG_PASSPHRASE is empty"],
    ["the backend does not answer", { PULUMI_BACKEND_URL: "file:///nowhere/at/all" }, "nowhere/at/all"],
  ])("says of which commit there is no review, and why, if %s", async (_, env, reason) => {
    await using clone = startClone();
    writeFileSync(join(clone.folder, "stacks", "Pulumi.dev.yaml"), settingsOf({ shop: ["textGeneration"] }));

    const args = ["--stack", "dev", "--commit", "0123456789abcdef0123456789abcdef01234567", "--counts", "counts.json"];
    const { code, output } = await clone.run("review", args, { ...dev, ...env });

    expect(output).toMatch(/^<!-- access-review yandex-ai-access\/dev -->\n### .* \/ `dev` at `0123456789ab`\n/);
    expect(output).toContain("**There is no review, because there is no preview.");
    expect(output).toContain(reason);
    expect(existsSync(join(clone.folder, "counts.json"))).toBe(false);
    expect(code).not.toBe(0);
  });

  it("judges by the rules of the team, and refuses a file of rules with a slip", async () => {
    await using clone = startClone();
    const rules = join(clone.folder, "stacks", "rules.json");
    const step = {
      op: "create",
      urn: "urn:pulumi:dev::shop::yandex:index/resourcemanagerFolderIamMember:ResourcemanagerFolderIamMember::it",
      newState: { inputs: { role: "storage.viewer", member: "group:g10", folderId: "b1g00000000000000001" } },
    };
    writeFileSync(join(clone.folder, "preview.json"), JSON.stringify({ steps: [step], changeSummary: { create: 1 } }));
    const args = ["--digest", "preview.json", "--format", "text"];

    expect((await clone.run("review", args)).output).toContain("2 things to look at");
    const allowed = { "role-is-narrow": { allowedRoles: ["storage.viewer"] } };
    writeFileSync(rules, JSON.stringify({ ...allowed, "grant-to-own-account": { trusted: ["group:g10"] } }));
    expect((await clone.run("review", args)).output).toContain("nothing unusual");
    writeFileSync(rules, '{"role-is-narow": "disabled"}');
    expect(await clone.run("review", args)).toMatchObject({
      code: 1,
      output: 'stacks/rules.json: "role-is-narow" is not a rule (did you mean "role-is-narrow"?).\n',
    });
  });

  it("makes no stack", async () => {
    await using clone = startClone();
    writeFileSync(join(clone.folder, "stacks", "Pulumi.dev.yaml"), settingsOf({ shop: ["textGeneration"] }));

    const { code, output } = await clone.run("review", ["--stack", "dev"], dev);

    expect(output).toContain("- ❌ `There is no stack dev: make it with 'npm start -- --stack dev'.`\n");
    expect(code).toBe(1);
    expect(existsSync(join(clone.folder, ".work", "state", ".pulumi", "stacks"))).toBe(false);
  });

  it.each([
    [
      "a format that nobody knows",
      ["-f", "html"],
      'There is no format "html": choose markdown, json, gitlab, text or mermaid.\n',
    ],
    [
      "a file that is not there",
      ["-d", "none.json"],
      "none.json cannot be read (ENOENT): name another with --digest.\n",
    ],
    [
      "an option that nobody knows",
      ["--stac"],
      "Unknown option '--stac': this takes --stack <name>, --format <name>, --digest <file>, --counts <file> and --commit <sha>.\n",
    ],
  ])("refuses %s", async (_, args, sentence) => {
    await using clone = startClone();

    expect(await clone.run("review", args)).toEqual({ code: 1, output: sentence });
  });

  it("reads a preview from a file, and writes counts into another", async () => {
    await using clone = startClone();
    const step = { op: "create", urn: "urn:pulumi:prod::crm::yandex:index/iamServiceAccount:IamServiceAccount::bot" };
    writeFileSync(join(clone.folder, "preview.json"), JSON.stringify({ steps: [step], changeSummary: { create: 1 } }));

    const args = ["--digest", "preview.json", "--format", "text", "--counts", "counts.json"];
    const { code, output } = await clone.run("review", args);

    expect(output).toMatch(/^Access review of crm \/ prod: 1 resource in all, nothing unusual\.$/m);
    expect(output).toMatch(/^ {2}create {2}IamServiceAccount bot$/m);
    expect(readFileSync(join(clone.folder, "counts.json"), "utf8")).toBe('{"create":1,"update":0,"delete":0}\n');
    expect(code).toBe(0);
  });
});

describe("npm run review of a stack that is up", () => {
  // No case changes the stack or the cloud, so one clone serves all; its files are as before after each.
  let clone: Awaited<ReturnType<typeof startUsedClone>>;
  let files: [file: string, text: string][];
  beforeAll(async () => {
    clone = await startUsedClone("textGeneration", "imageGeneration");
    const names = ["index.ts", "stacks/Pulumi.local.yaml"].map((name) => join(clone.folder, name));
    files = names.map((file) => [file, readFileSync(file, "utf8")]);
  });
  afterEach(() => files.forEach(([file, text]) => writeFileSync(file, text)));
  afterAll(() => clone[Symbol.asyncDispose]());

  it("says what an edit of the settings gives and takes, as the documentation shows it", async () => {
    clone.write({ shop: ["textGeneration", "translation"] });

    const { code, output } = await clone.run("review", ["--stack", "local"]);

    const page = readFileSync(join(root, "docs/review.md"), "utf8");
    const [, documented] = /<!-- review -->\n+```text\n([\s\S]*?)```/.exec(page) ?? [];
    expect(output).toBe(documented);
    expect(code).toBe(0);
    const again = await clone.run("review", ["--format", "gitlab"]);
    expect(JSON.parse(again.output)).toEqual({ create: 1, update: 1, delete: 1 });
    const { output: key } = await clone.run("pulumi", ["stack", "output", "shopApiKey", "--show-secrets"]);
    expect(await leaksOf(key.trim(), join(clone.folder, ".work"), { output, again: again.output })).toEqual([]);
  });

  it("says what goes away with an application, and what its holder will notice", async () => {
    clone.write({ research: ["translation"] });

    const { code, output } = await clone.run("review", ["--format", "text"]);

    expect(output).toMatch(
      /^Access review of yandex-ai-access \/ local: 2 applications change, .* 3 things to look at\./,
    );
    expect(output).toMatch(/^Application research\n {2}gains translation$/m);
    expect(output).toMatch(/^Application shop\n {2}loses imageGeneration; textGeneration, embeddings$/m);
    expect(output).toContain("key in use deleted: shop is deleted while it still works");
    expect(code).toBe(0);
  });

  it("says that the preview failed and why, and fails", async () => {
    clone.write({ shop: ["textGenration"] });

    const { code, output } = await clone.run("review");

    expect(output).toContain("### Access review: `yandex-ai-access` / `local`\n");
    expect(output).toContain("**The preview failed. The rest shows only how far it came.**");
    expect(output).toContain("'textGenration' is not a capability; did you mean textGeneration?");
    expect(output).not.toMatch(/^ +at /m);
    expect(code).not.toBe(0);
  });

  it("names roles, members, scopes and ends that a real preview does not know, and grants to everybody", async () => {
    const program = readFileSync(join(clone.folder, "index.ts"), "utf8");
    writeFileSync(
      join(clone.folder, "index.ts"),
      `import * as pulumi from "@pulumi/pulumi";
      import * as yandex from "@pulumi/yandex";
      ${program}
      const helper = new yandex.IamServiceAccount("helper", { name: "helper-account" });
      const { id } = helper;
      new yandex.ResourcemanagerFolderIamMember("helper-role", {
        role: id.apply((known) => (known ? "admin" : "")),
        member: pulumi.interpolate\`serviceAccount:\${id}\`,
      });
      new yandex.ResourcemanagerFolderIamMember("everybody", { role: "ai.languageModels.user", member: "system:allUsers" });
      new yandex.IamServiceAccountApiKey("helper-key", {
        serviceAccountId: id,
        scopes: id.apply((known) => [known]),
        expiresAt: id.apply(() => "2105-01-01T00:00:00Z"),
      });`,
    );

    const { code, output } = await clone.run("review", ["--format", "text"]);

    for (const line of [
      "not known yet: role of helper-role is known only after the update",
      "not known yet: scopes of helper-key is known only after the update",
      "not known yet: expiry of helper-key is known only after the update",
      "foreign member: ai.languageModels.user to system:allUsers on folder b1gf0000000000000001 is granted to somebody",
    ])
      expect(output).toContain(`  look:  ${line}`);
    expect(output).toContain("4 things to look at.");
    expect(output).toMatch(/ {2}roles {2}\+ \(not known yet\) to helper on folder b1gf0000000000000001;/);
    expect(code).toBe(0);
  });

  it("hides the secrets with which a program fails", async () => {
    await clone.run("pulumi", ["config", "set", "--secret", "word", "a-word-of-the-settings"]);
    const { output: key } = await clone.run("pulumi", ["stack", "output", "shopApiKey", "--show-secrets"]);
    const failing = `throw new Error(new pulumi.Config().require("word") + " and ${key.trim()}");`;
    writeFileSync(join(clone.folder, "index.ts"), `import * as pulumi from "@pulumi/pulumi";\n${failing}`);

    const outputs = await Promise.all(["markdown", "text", "json"].map((each) => clone.run("review", ["-f", each])));

    for (const { code, output } of outputs) {
      expect(output).toContain(" and ");
      expect(output).not.toContain("a-word-of-the-settings");
      expect(output).not.toContain(key.trim().slice(4, 16));
      expect(code).not.toBe(0);
    }
  });

  it("says of which commit there is no review if the settings cannot be parsed", async () => {
    writeFileSync(join(clone.folder, "stacks", "Pulumi.local.yaml"), "config:\n\tyandex-ai-access:apps: {}\n");

    const { code, output } = await clone.run("review", [], { CI_COMMIT_SHA: "0123456789abcdef" });

    expect(output).toContain("### Access review: `yandex-ai-access` / `local` at `0123456789ab`\n");
    expect(output).toMatch(/^- ❌ .*(?:tab|token)/m);
    expect(code).not.toBe(0);
  });

  it("says in one sentence that an account to adopt is not there, as the run itself does", async () => {
    const settings = `config:
      yandex-ai-access:apps: { shop: { capabilities: [search], serviceAccount: { existingName: nobody } } }`;
    writeFileSync(join(clone.folder, "stacks", "Pulumi.local.yaml"), settings);

    const run = await clone.run("start");
    const { code, output } = await clone.run("review");

    const reason = /cannot adopt the account: folder \S+ has no service account named nobody; check the name/;
    expect(run.output).toMatch(reason);
    expect(output).toMatch(/^- ❌ `shop`: `AiStudioAccess 'shop' cannot adopt the account: folder \S+ has no/m);
    expect(run.output + output).not.toMatch(/^ +at |error serializing|unhandled/m);
    expect([run.code, code]).not.toContain(0);
  });
});
