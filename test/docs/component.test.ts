import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import typescript from "typescript";
import { applicationRows } from "../../stacks/settings";

const page = join(__dirname, "..", "..", "docs", "component.md");
describe("the page about the component", () => {
  it("shows every argument with a default, an example and what it is for", async () => {
    const section = (await readFile(page, "utf8")).split("\n## ").find((part) => part.startsWith("Arguments"));
    const rows = (section ?? "").matchAll(
      /^- \*\*`([\w.]+)`\*\* \((?:default: )?\S[^]*?\)\. [A-Z][^]*? Example:\s`[^`]+`/gm,
    );
    const shown = [...rows].map(([, name]) => name);

    expect(shown.sort()).toEqual(declaredArguments().sort());
  });

  it("names every argument that the settings take", async () => {
    const text = await readFile(page, "utf8");

    for (const name of Object.keys(applicationRows)) expect(text).toContain(`\`${name}`);
  });
});

/** The arguments as the component declares them, `rotation.everyDays` and so on. */
function declaredArguments(): string[] {
  const members = (file: string, name: string): string[] => {
    const source = typescript.createSourceFile(
      file,
      readFileSync(join(__dirname, "..", "..", "components", file), "utf8"),
      typescript.ScriptTarget.Latest,
    );
    const declared = source.statements
      .filter(typescript.isInterfaceDeclaration)
      .find((each) => each.name.text === name);
    return (declared?.members ?? []).map((member) => member.name?.getText(source) ?? "");
  };
  const below = (parent: string, names: string[]) => names.map((name) => `${parent}.${name}`);
  return [
    ...members("arguments.ts", "AiStudioAccessArgs"),
    ...below("serviceAccount", [...members("arguments.ts", "NewServiceAccount"), "id", "existingName"]),
    ...below("apiKey", members("arguments.ts", "ApiKeyArgs")),
    ...below("rotation", members("rotation.ts", "RotationPolicy")),
    ...below("deliverTo", members("arguments.ts", "DeliveryArgs")),
    ...below("deliverTo.lockbox", members("arguments.ts", "LockboxArgs")),
  ];
}
