import { join } from "node:path";
import ts from "typescript";

const root = join(__dirname, "..", "..");

describe("the component", () => {
  it("compiles against the names of a bridged provider", () => {
    const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
    const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
    const sdk = join(__dirname, "bridgedSdk", "index.d.ts");
    const program = ts.createProgram([join(root, "components", "index.ts")], {
      ...options,
      types: ["node"],
      paths: { "@pulumi/yandex": [sdk] },
    });

    const complaints = ts.getPreEmitDiagnostics(program).map(({ messageText }) => messageText);
    const files = program.getSourceFiles().map(({ fileName }) => fileName);

    expect(complaints).toEqual([]);
    expect(files).toContain(sdk);
    expect(files.filter((file) => file.includes("/sdks/"))).toEqual([]);
  });
});
