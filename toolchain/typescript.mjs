import { join } from "node:path";

/**
 * Compiles sources below `folder` into `outDir`, with declarations, as CommonJS for others to use. The options are those
 * with which the generator of the SDK expects its code to be compiled.
 */
export async function compile(folder, names, outDir, writeFile) {
  const { default: typescript } = await import("typescript");
  const options = {
    target: typescript.ScriptTarget.ES2022,
    module: typescript.ModuleKind.Node16,
    moduleResolution: typescript.ModuleResolutionKind.Node16,
    strict: true,
    skipLibCheck: true,
    declaration: true,
    types: ["node"],
    rootDir: folder,
    outDir,
  };
  const sources = names.map((name) => join(folder, name));
  typescript.createProgram(sources, options).emit(undefined, writeFile);
}
