import { capabilityTable } from "../../components/capabilities";
import { type Format, render, review } from "../../review";
import { APPLICATION, type Described, digestOf } from "./digest";

const NOW = Date.parse("2026-11-25T12:00:00Z");
const folderId = "b1g00000000000000001";
const account = "aje00000000000000001";
const scopes = ["yc.ai.languageModels.execute"];

function show(resources: Described[], format: Format = "text", rest?: object): string {
  return render(review(digestOf(resources, rest), capabilityTable, NOW), format, NOW);
}

const application = (op: string, name = "shop"): Described => ({ op, type: APPLICATION, name, before: {}, after: {} });
const grant = (op: string, role: string, owner = "shop"): Described => {
  const inputs = { folderId, role, member: `serviceAccount:${account}` };
  const sides = { ...(op !== "create" && { before: inputs }), ...(op !== "delete" && { after: inputs }) };
  return { op, type: "ResourcemanagerFolderIamMember", name: `${owner}-${role}`, application: owner, ...sides };
};
const key = (op: string, before?: object, after?: object, more: Partial<Described> = {}): Described => {
  const whole = (inputs?: object) => inputs && { serviceAccountId: account, scopes, ...inputs };
  const sides = { before: whole(before), after: whole(after) };
  return { op, type: "IamServiceAccountApiKey", name: "shop", application: "shop", ...sides, ...more };
};
const until = (expiresAt: string) => ({ expiresAt });

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

  it("does not warn of a key that goes away after its end", () => {
    const text = show([key("delete", until("2026-11-20T00:00:00Z"))]);

    expect(text).toContain("  key shop is removed; it expired on 2026-11-20\n");
    expect(text).toContain("nothing unusual");
  });

  it.each([
    ["a broad role", grant("create", "editor"), "broad role: editor is wider"],
    ["an administrator's role", grant("create", "ai.admin"), "broad role: ai.admin is wider"],
    ["a role over access", grant("create", "iam.serviceAccounts.tokenCreator"), "broad role: iam.serviceAccounts"],
    ["a key without an end", key("create", undefined, {}), "no expiry: shop never expires"],
    [
      "a key without scopes",
      key("create", undefined, { scopes: [], ...until("2027-01-01T00:00:00Z") }),
      "no scopes: shop has no scopes",
    ],
    [
      "a key in use that goes away",
      key("delete", until("2027-01-01T00:00:00Z")),
      "key in use deleted: shop is deleted",
    ],
    ["a key that is replaced", key("replace", {}, until("2027-01-01T00:00:00Z")), "key replaced: shop is replaced"],
    [
      "an account that is replaced",
      { op: "replace", type: "IamServiceAccount", name: "shop", application: "shop", before: {}, after: {} },
      "account replaced: shop is replaced, and every key and role of it with it",
    ],
    [
      "an account that goes away",
      { op: "delete", type: "IamServiceAccount", name: "shop", application: "shop", before: {} },
      "account deleted: shop is deleted, and every key and role of it with it",
    ],
  ] as [string, Described, string][])("points at %s", (_, resource, sentence) => {
    expect(show([resource])).toContain(`  look:  ${sentence}`);
    expect(show([resource])).toContain("1 thing to look at.");
  });

  it("points at a role for somebody else than the application", () => {
    const foreign = { folderId, role: "ai.languageModels.user", member: "serviceAccount:aje00000000000000009" };
    const other: Described = { op: "create", type: "ResourcemanagerFolderIamMember", name: "other", after: foreign };

    const text = show([key("same", {}, {}), { ...other, application: "shop" }]);

    expect(text).toContain("foreign member: aje00000000000000009 gets a role here");
    expect(text).not.toContain("gains");
  });

  it("says nothing of what was there before", () => {
    const text = show([grant("same", "editor"), grant("create", "ai.translate.user"), key("same", {}, {})]);

    expect(text).toContain("nothing unusual");
    expect(text).not.toContain("editor");
  });

  it("says that a preview leaves out what stays, since what is kept can then not be told", () => {
    const changes = [grant("create", "ai.translate.user")];
    const sentence = /What stays as it is was left out of this preview.*--show-sames\./;

    expect(show(changes, "text", { changeSummary: { create: 1, same: 4 } })).toMatch(sentence);
    expect(show(changes, "markdown", { changeSummary: { create: 1, same: 4 } })).toMatch(sentence);
    expect(show([...changes, application("same")], "text", { changeSummary: { create: 1, same: 1 } })).not.toMatch(
      sentence,
    );
  });

  it("tells the mistakes in the settings one by one, and anything else that failed in one sentence", () => {
    const mistakes =
      "error: stacks/Pulumi.dev.yaml has 2 mistakes:\n  apps.shop.x is no setting\n  apps.blog is missing\n";
    const other = "error: it broke\nfor a reason\n    at run (index.ts:1:1)";
    const diagnostics = [mistakes, other].map((message) => ({ severity: "error", message }));

    expect(show([], "markdown", { diagnostics })).toContain(
      [
        "- ❌ `stacks/Pulumi.dev.yaml has 2 mistakes:`",
        "  - `apps.shop.x is no setting`",
        "  - `apps.blog is missing`",
        "- ❌ `it broke for a reason`\n",
      ].join("\n"),
    );
    expect(show([], "text", { diagnostics })).toContain(
      "  error: stacks/Pulumi.dev.yaml has 2 mistakes:\n    - apps.shop.x is no setting\n    - apps.blog is missing\n",
    );
  });

  it("tells why a property is refused, and not all that it held", () => {
    const message = `error: a:b/c:C resource 'shop': property name value {{x} y} has a problem: "x" must have 3 letters`;
    const diagnostics = [{ severity: "error", message, urn: "urn:pulumi:dev::shop::a:b:C::shop" }];

    expect(show([], "text", { diagnostics })).toContain("  error: shop: name: 'x' must have 3 letters\n");
  });

  it("counts what its table lists, and no application, which is nothing in the cloud", () => {
    const resources = [application("create"), grant("create", "ai.translate.user"), key("create", undefined, {})];

    const comment = show(resources, "markdown");

    expect(comment).toContain("2 resources in all");
    expect(comment).toContain("Resources: 2 to create<");
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

  it.each(["", "[]", "{}", '{"sequence":1,"resourcePreEvent":{}}', "not JSON AQVN"])("is not made of %j", (text) => {
    expect(() => review(text, capabilityTable, NOW)).toThrow(
      /^(?:This is no preview|The preview is empty).*--show-sames/,
    );
    expect(() => review(text, capabilityTable, NOW)).not.toThrow("AQVN");
  });

  it("fits into a comment on GitHub with 500 applications, with those to look at first", () => {
    const owners = Array.from({ length: 500 }, (_, at) => `application-${String(at).padStart(3, "0")}`);
    const resources = owners.flatMap((name) => [
      application("create", name),
      grant("create", name === "application-499" ? "admin" : "ai.translate.user", name),
      grant("create", "ai.languageModels.user", name),
      { ...key("create", undefined, until("2027-01-01T00:00:00Z"), { name }), application: name },
    ]);

    const comment = show(resources, "markdown");

    expect(comment.length).toBeLessThan(65_536);
    expect(comment).toMatch(/^\*\*500 applications change, 1500 resources in all, 1 thing to look at\.\*\*$/m);
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
