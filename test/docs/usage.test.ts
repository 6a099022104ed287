import { globSync, readFileSync } from "node:fs";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";
import ts from "typescript";
import { functionDeclarations } from "../../provider/functions";
import { resources } from "../../provider/resources";
import { schema } from "../../provider/schema";
import { usages } from "../../provider/schema/usage";
import { startCloud } from "../support/cloud";
import { startStack } from "../support/stack";

const root = join(__dirname, "../..");
const names = Object.keys(usages);
const MODULES: Record<string, unknown> = { "@pulumi/pulumi": pulumi, "@pulumi/yandex": yandex };

/** Before the expiry of every key in an example. */
const NOW = Date.parse("2026-06-01T00:00:00Z");

/** A program as the engine runs it: its exports are the outputs of the stack. */
function programOf(text: string): () => Promise<Record<string, unknown>> {
  const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  const { outputText } = ts.transpileModule(text, { compilerOptions: options });
  return async () => {
    const exports: Record<string, unknown> = {};
    new Function("exports", "require", outputText)(exports, (name: string) => MODULES[name]);
    return exports;
  };
}

describe("An example in the schema", () => {
  it("exists for each resource and function", () => {
    const tokens = [...Object.keys(resources), ...functionDeclarations.map(({ token }) => token)];
    const described = Object.values({ ...schema().resources, ...schema().functions }) as { description: string }[];

    expect(names.sort()).toEqual(tokens.map((token) => token.split(":").at(-1)).sort());
    for (const { description } of described) expect(description).toContain("{{% example %}}");
  });

  it("compiles against the SDK", async () => {
    const folder = await mkdtemp(join(tmpdir(), "usage-"));
    await using _folder = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
    await symlink(join(root, "node_modules"), join(folder, "node_modules"));
    const files = names.map((name) => join(folder, `${name}.ts`));
    await Promise.all(names.map((name, at) => writeFile(files[at]!, usages[name]!.program)));
    const options = { strict: true, noEmit: true, skipLibCheck: true, module: ts.ModuleKind.NodeNext, types: [] };

    const found = ts.getPreEmitDiagnostics(ts.createProgram(files, { ...options, target: ts.ScriptTarget.ES2022 }));

    expect(found.map(({ messageText, file }) => [file?.fileName, messageText])).toEqual([]);
  });

  it.each(names)("creates its resources, previews without changes and is destroyed: %s", async (name) => {
    await using cloud = await startCloud({ clock: () => NOW });
    cloud.addAccount({ name: "sa-api" });
    const before = cloud.snapshot();
    await using stack = await startStack(cloud, programOf(usages[name]!.program), {
      now: () => NOW,
      config: { "yandex:cloudId": before.folders[0]!.cloudId },
    });

    await stack.up();
    const { steps } = await stack.preview();
    await stack.destroy();

    expect(steps).toEqual({});
    expect(cloud.snapshot().accounts).toEqual(before.accounts);
    expect(cloud.snapshot().apiKeys).toEqual([]);
  });
});

describe("An error in the reference", () => {
  const sources = globSync("provider/**/*.ts", { cwd: root })
    .filter((file) => !file.includes("schema"))
    .map((file) => readFileSync(join(root, file), "utf8"))
    .join("\n");
  const errors = names.flatMap((name) => usages[name]!.errors.map(({ words }) => [name, words]));

  it.each(errors)("quotes the words of the provider: %s: %s", (_, words) => {
    expect(sources).toContain(words);
  });
});
