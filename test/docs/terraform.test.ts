import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";
import ts from "typescript";
import { startCloud } from "../support/cloud";
import { startStack } from "../support/stack";
import { blocksOf, startReader } from "./document";
import { type TerraformState, terraformState } from "./terraformState";

const page = readFileSync(join(__dirname, "../../docs/terraform.md"), "utf8");
const [, PROGRAM = ""] = /```ts\n([^]*?)```/.exec(page) ?? [];
const MODULES: Record<string, unknown> = { "@pulumi/pulumi": pulumi, "@pulumi/yandex": yandex };
const [FOLDER, ACCOUNT] = ["b1g0123456789abcdefg", "aje0123456789abcdefg"];

function programOf(text: string) {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  const { outputText } = ts.transpileModule(text, { compilerOptions });
  return async () => {
    const exports: Record<string, unknown> = {};
    new Function("exports", "require", outputText)(exports, (name: string) => MODULES[name]);
    return exports;
  };
}

/** The rows of the table of names: Terraform's type, ours, and the import ID. */
const rows = Array.from(page.matchAll(/^\| `(yandex_\w+)` +\| `(\w+)` +\| (\S[^|]*?) +\|$/gm), ([, ...row]) => row);

/** The program that the page has somebody write for a state, resource by resource, from the table alone. */
function moved(state: TerraformState, importing: boolean) {
  const camelCase = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const known = yandex as unknown as Record<string, new (name: string, args: object, options: object) => unknown>;
  return async () => {
    for (const { type, name, instances } of state.resources) {
      const [, ours = "", importId = ""] = rows.find(([theirs]) => theirs === type) ?? [];
      const { id, ...attributes } = instances[0]!.attributes as Record<string, unknown>;
      const set = Object.entries(attributes).filter(([key, value]) => SET.has(key) && value !== "" && value !== null);
      const args = Object.fromEntries(set.map(([key, value]) => [camelCase(key), value]));
      const canImport = !importId.startsWith("none");
      new known[ours]!(`${name}-${ours}`, args, importing && canImport ? { import: id } : {});
    }
  };
}

/** What a configuration can set; the other attributes are the cloud's answers. */
const SET = new Set(["name", "folder_id", "description", "role", "member", "service_account_id", "scopes"]);

describe("docs/terraform.md", () => {
  it("imports an account and its role beside a new key, and shows no changes without the options", async () => {
    await using cloud = await startCloud();
    const id = cloud.addAccount({ name: "sa-api", roles: ["ai.languageModels.user"] });
    const old = cloud.addApiKey(id, { scopes: ["yc.ai.languageModels.execute"] });
    const text = PROGRAM.replace(FOLDER!, cloud.folderId).replace(ACCOUNT!, id);
    await using stack = await startStack(cloud, programOf(text));

    const { steps } = await stack.up();
    stack.program(programOf(text.replace(", { import: id }", "").replace(/\{ import: `[^`]+` \}/, "{}")));
    const after = await stack.preview();

    expect(Object.values(steps).sort()).toEqual(["create", "import", "import"]);
    expect(after.steps).toEqual({});
    expect(cloud.snapshot().accounts).toHaveLength(1);
    expect(cloud.snapshot().apiKeys.map((key) => key.id)).toContain(old.id);
  });

  it("takes every resource of a Terraform state by the table: type, import ID and names of attributes", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "sa-api", roles: ["ai.languageModels.user"] });
    const key = cloud.addApiKey(account, { scopes: ["yc.ai.languageModels.execute"] });
    const state = terraformState(cloud.folderId, account, key);
    const before = cloud.snapshot();
    await using stack = await startStack(cloud, moved(state, true));

    const { steps } = await stack.up();

    expect(Object.values(steps).sort()).toEqual(["create", "import", "import"]);
    stack.program(moved(state, false));
    expect((await stack.preview()).steps).toEqual({});
    await stack.refresh();
    expect((await stack.preview()).steps).toEqual({});
    const text = JSON.stringify((await stack.engine.exportStack()).deployment);
    expect(text).not.toContain(key.secret);
    const { accounts, grants, apiKeys } = cloud.snapshot();
    expect({ accounts, grants }).toEqual({ accounts: before.accounts, grants: before.grants });
    expect(apiKeys.map(({ id }) => id)).toContain(key.id);
  });

  it("imports from the command line where the host cannot generate code", async () => {
    await using cloud = await startCloud();
    const id = cloud.addAccount({ name: "sa-api" });
    await using reader = startReader(cloud);
    await reader.sh("npm run pulumi -- stack init dev");

    const { code, output } = await reader.sh(blocksOf("terraform.md")["From Terraform"]!.replace(ACCOUNT!, id));

    expect([code, output]).toEqual([0, expect.stringContaining("sa-api")]);
    expect(output).not.toContain("GenerateProgram");
  });
});
