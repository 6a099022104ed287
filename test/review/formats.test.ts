import { capabilityTable } from "../../components/capabilities";
import { type Format, noReview, render, review } from "../../review";
import { APPLICATION, type Described, digestOf, UNKNOWN } from "./digest";
import { account, folderId, NOW, own, scopes } from "./shop";

/** Application `shop` has an account of its own, unless a test describes another one. */
function show(resources: Described[], format: Format = "text", rest?: object): string {
  const hasAccount = resources.some(({ type }) => type === "IamServiceAccount");
  const all = hasAccount ? resources : [own, ...resources];
  return render(review(digestOf(all, rest), capabilityTable, NOW), format, NOW);
}

const application = (op: string, name = "shop"): Described => ({ op, type: APPLICATION, name, before: {}, after: {} });
const grant = (op: string, role: string, application = "shop"): Described => {
  const inputs = { folderId, role, member: `serviceAccount:${account}` };
  const sides = { ...(op !== "create" && { before: inputs }), ...(op !== "delete" && { after: inputs }) };
  return { op, type: "ResourcemanagerFolderIamMember", name: `${application}-${role}`, application, ...sides };
};
const key = (op: string, before?: object, after?: object, more: Partial<Described> = {}): Described => {
  const whole = (inputs?: object) => inputs && { serviceAccountId: account, scopes, ...inputs };
  const sides = { before: whole(before), after: whole(after) };
  return { op, type: "IamServiceAccountApiKey", name: "shop", application: "shop", ...sides, ...more };
};
const until = (expiresAt: string) => ({ expiresAt });

/** Of an application whose account is created in the same update. */
const newGrant = (role: string, application: string): Described => ({
  ...grant("create", role, application),
  after: { folderId, role, member: UNKNOWN },
  madeFrom: { member: application },
});

describe("a review", () => {
  it("says that nothing changes", () => {
    expect(show([application("same"), grant("same", "ai.languageModels.user")])).toBe(
      "Access review of shop / dev: No changes.\n",
    );
  });

  it("says how a key rotates: the new one, the end of the old one, and nothing unusual", () => {
    const text = show([
      application("same"),
      grant("same", "ai.languageModels.user"),
      key("update", until("2027-06-01T00:00:00Z"), until("2026-12-09T00:00:00Z"), { changed: ["expiresAt"] }),
      key("create", undefined, until("2027-02-23T00:00:00Z"), { name: "shop-2026-11-25" }),
    ]);

    expect(text).toContain("nothing unusual");
    expect(text).toContain("  keeps textGeneration, embeddings\n");
    expect(text).toContain("  key shop retires: it expires 2026-12-09 (in 14 days) (before: 2027-06-01)\n");
    expect(text).toContain("  key shop-2026-11-25 is created, expires 2027-02-23 (in 90 days)\n");
  });

  it("does not warn of a key that is deleted after its end", () => {
    const text = show([key("delete", until("2026-11-20T00:00:00Z"))]);

    expect(text).toContain("  key shop is removed; it expired on 2026-11-20\n");
    expect(text).toContain("nothing unusual");
  });

  it("says nothing of roles that stay", () => {
    const text = show([grant("same", "editor"), grant("create", "ai.translate.user"), key("same", {}, {})]);

    expect(text).toContain("nothing unusual");
    expect(text).not.toContain("editor");
  });

  it("begins with the commit, if the caller knows it, and with no other text in its place", () => {
    const at = (commit: string) => render(review(digestOf([own]), capabilityTable, NOW, { commit }), "text", NOW);

    expect(at("0123456789abcdef0123456789abcdef01234567")).toMatch(/^Access review of shop \/ dev at 0123456789ab: No/);
    expect(at("main; rm -rf /")).toMatch(/^Access review of shop \/ dev: No changes/);
  });

  it("says that it does not exist, of which commit and why, and hides secrets in the reason", () => {
    const about = { project: "shop", stack: "dev", commit: "0123456789abcdef" };
    const none = noReview("error: the passphrase is wrong\n  near AQVNabcdefghijklmn", about);

    const text = render(none, "markdown", NOW);

    expect(text).toContain("### Access review: `shop` / `dev` at `0123456789ab`\n");
    expect(text).toContain("**There is no review, because there is no preview. An earlier review is not about this");
    expect(text).toContain("- ❌ `the passphrase is wrong near (hidden)`\n");
  });

  it("names a place in a list and quotes a command as the message does, as far as no markup comes of it", () => {
    const diagnostics = [{ severity: "error", message: "error: capabilities[0]: run `yc folder list` [x](y)" }];

    expect(show([], "text", { diagnostics })).toContain("error: capabilities[0]: run 'yc folder list' (x)(y)\n");
  });

  it("repeats the warnings of this project's component, and of nobody else", () => {
    const of = (type: string) => ({
      severity: "warning",
      message: "warning: look",
      urn: `urn:pulumi:dev::shop::${type}::it`,
    });

    const text = show([], "text", { diagnostics: [of(APPLICATION), of("aws:s3/bucket:Bucket")] });

    expect(text.match(/^ {2}warning: it: look$/gm)).toHaveLength(1);
  });

  it("says that a preview leaves out everything that stays, so that the lists can be wrong", () => {
    const changes = [grant("create", "ai.translate.user")];
    const sentence = /This preview leaves out everything that stays as it is.*--show-sames\./;

    const show = (resources: Described[], format: Format, rest: object) =>
      render(review(digestOf(resources, rest), capabilityTable, NOW), format, NOW);
    expect(show(changes, "text", { changeSummary: { create: 1, same: 4 } })).toMatch(sentence);
    expect(show(changes, "markdown", { changeSummary: { create: 1, same: 4 } })).toMatch(sentence);
    expect(show([...changes, application("same")], "text", { changeSummary: { create: 1, same: 1 } })).not.toMatch(
      sentence,
    );
  });

  it("tells the mistakes in the settings one by one, and anything else that failed in one sentence", () => {
    const mistakes =
      "error: stacks/Pulumi.dev.yaml has 2 mistakes:\n  apps.shop.x is not a known argument\n  apps.blog is missing\n";
    const other = "error: it broke\nfor a reason\n    at run (index.ts:1:1)";
    const diagnostics = [mistakes, other].map((message) => ({ severity: "error", message }));

    expect(show([], "markdown", { diagnostics })).toContain(
      [
        "- ❌ `stacks/Pulumi.dev.yaml has 2 mistakes:`",
        "  - `apps.shop.x is not a known argument`",
        "  - `apps.blog is missing`",
        "- ❌ `it broke for a reason`\n",
      ].join("\n"),
    );
    expect(show([], "text", { diagnostics })).toContain(
      "  error: stacks/Pulumi.dev.yaml has 2 mistakes:\n    - apps.shop.x is not a known argument\n    - apps.blog is missing\n",
    );
  });

  it("tells why a property is refused, and not all that it held", () => {
    const message = `error: a:b/c:C resource 'shop': property name value {{x} y} has a problem: "x" must have 3 letters`;
    const diagnostics = [{ severity: "error", message, urn: "urn:pulumi:dev::shop::a:b:C::shop" }];

    expect(show([], "text", { diagnostics })).toContain("  error: shop: name: 'x' must have 3 letters\n");
  });

  it("counts the objects in the cloud that its table lists, so neither the application nor the check of its key", () => {
    const check: Described = {
      op: "create",
      type: "yandex:index/aiStudioKeyValidation:AiStudioKeyValidation",
      name: "shop",
      application: "shop",
      after: {},
    };
    const resources = [
      application("create"),
      grant("create", "ai.translate.user"),
      key("create", undefined, {}),
      check,
    ];

    const comment = show(resources, "markdown");

    expect(comment).toContain("2 resources in all");
    expect(comment).toContain("Resources: 2 to create, 1 unchanged<");
    expect(comment.match(/^\| 🟢 create \|/gm)).toHaveLength(2);
    expect(show(resources, "gitlab")).toBe('{"create":2,"update":0,"delete":0}\n');
  });

  it("counts a replacement as both for GitLab", () => {
    const resources = [key("replace", {}, {}), grant("create", "ai.translate.user"), grant("delete", "editor")];

    expect(show(resources, "gitlab")).toBe('{"create":2,"update":0,"delete":2}\n');
  });

  it("draws what is gained, lost and kept", () => {
    const resources = [grant("create", "ai.translate.user"), grant("delete", "editor"), key("same", {}, {})];

    expect(show(resources, "mermaid")).toMatch(
      /^graph LR\n {2}a0\["shop"\]:::kept\n.*"ai\.translate\.user"\]:::gained\n.*"editor"\]:::lost\n.*"shop · kept"\]\):::kept\n/,
    );
  });

  it("draws what else the roles and scopes of a capability open", () => {
    const umbrella = key("create", undefined, { scopes: ["yc.ai.foundationModels.execute"] });
    const resources = [grant("create", "ai.models.user"), umbrella];

    expect(show(resources, "mermaid")).toMatch(/-->\|also opens\| \w+\["translation"\]:::gained/);
  });

  it("draws each scope of a key that changes as gained, lost or kept", () => {
    const [before, after] = [
      ["yc.ai.languageModels.execute", "yc.ai.translate.execute"],
      ["yc.ai.languageModels.execute", "yc.ai.vision.execute"],
    ];

    const graph = show([key("update", { scopes: before }, { scopes: after }, { changed: ["scopes"] })], "mermaid");

    expect(
      [...graph.matchAll(/\["(yc\.ai\.\w+)\.execute"\]:::(\w+)/g)].map(([, scope, state]) => [scope, state]),
    ).toEqual([
      ["yc.ai.languageModels", "kept"],
      ["yc.ai.vision", "gained"],
      ["yc.ai.translate", "lost"],
    ]);
  });

  it.each([
    ["create", "gained", "opens"],
    ["delete", "lost", "opens"],
  ])("draws the scopes of a key to %s as %s", (op, state, verb) => {
    const sides = { create: [undefined, {}], delete: [{}, undefined] }[op] as [object?, object?];

    expect(show([key(op, ...sides)], "mermaid")).toContain(
      `-->|${verb}| a0k0s0["yc.ai.languageModels.execute"]:::${state}`,
    );
  });

  it.each(["", "[]", "{}", '{"sequence":1,"resourcePreEvent":{}}', "not JSON AQVN"])("is not made of %j", (text) => {
    expect(() => review(text, capabilityTable, NOW)).toThrow(
      /^(?:This is not a preview|The preview is empty).*--show-sames/,
    );
    expect(() => review(text, capabilityTable, NOW)).not.toThrow("AQVN");
  });

  it("fits into a comment on GitHub with 500 applications, with those to look at first", () => {
    const owners = Array.from({ length: 500 }, (_, at) => `application-${String(at).padStart(3, "0")}`);
    const resources = owners.flatMap((name) => [
      application("create", name),
      { op: "create", type: "IamServiceAccount", name, application: name, after: { folderId } },
      newGrant(name === "application-499" ? "admin" : "ai.translate.user", name),
      newGrant("ai.languageModels.user", name),
      {
        ...key("create", undefined, { serviceAccountId: UNKNOWN, ...until("2027-01-01T00:00:00Z") }, { name }),
        application: name,
        madeFrom: { serviceAccountId: name },
      },
    ]);

    const comment = show(resources, "markdown");

    expect(comment.length).toBeLessThan(65_536);
    expect(comment).toMatch(/^\*\*500 applications change, 2000 resources in all, 1 thing to look at\.\*\*$/m);
    expect(/^#### (.*)$/m.exec(comment)?.[1]).toBe("`application-499` (new)");
    expect(comment).toMatch(/^_\d{3} more applications change: `npm run review` with `--format text` shows all\._$/m);
    expect(show(resources, "text").match(/^Application /gm)).toHaveLength(500);
  });

  it("fits into a comment on GitHub whatever an application is called and however much it asks for", () => {
    const long = "ы".repeat(5_000);
    const resources = Array.from({ length: 300 }, (_, at) => [
      grant("create", `ai.role${at}.admin`, long),
      key("create", undefined, { scopes: [`yc.ai.scope${at}.execute`] }, { name: `${long}${at}`, application: long }),
    ]).flat();
    const diagnostics = resources.map(({ name }) => ({ severity: "error", message: `error: ${name}` }));

    const comment = show(resources, "markdown", { diagnostics });

    expect(comment.length).toBeLessThan(65_536);
    expect(comment).toContain("- 280 more like these");
  });
});
