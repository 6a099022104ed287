import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";
import ts from "typescript";
import { startCloud } from "../support/cloud";
import { startStack } from "../support/stack";
import { blocksOf, startReader } from "./document";

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
