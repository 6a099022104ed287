import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Browser, chromium, type LaunchOptions } from "playwright-core";
import { askToolchain } from "./toolchain";

const root = join(__dirname, "../..");
const run = promisify(execFile);

/** This machine's browser, which is installed if it is not there. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    args: ["--no-sandbox"],
    ...(await askToolchain<LaunchOptions>("browser.mjs", "ensureBrowser", root)),
  });
}

/** The folder of toolchain/testTools, installed. */
export const testTools = () => askToolchain("testTools.mjs", "ensureTestTools", root);

/** Markdown as HTML by the grammar of GitHub (GFM), and the file of Mermaid that a page loads. */
export async function openRenderers() {
  const folder = await testTools();
  const program = `import { micromark } from "micromark";
    import { gfm, gfmHtml } from "micromark-extension-gfm";
    import { text } from "node:stream/consumers";
    const html = { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] };
    process.stdout.write(JSON.stringify(JSON.parse(await text(process.stdin)).map((each) => micromark(each, html))));`;
  return {
    mermaid: join(folder, "node_modules", "mermaid", "dist", "mermaid.min.js"),
    async html(texts: string[]): Promise<string[]> {
      const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
      const rendering = run(process.execPath, ["--input-type=module", "--eval", program], options);
      rendering.child.stdin?.end(JSON.stringify(texts));
      return JSON.parse((await rendering).stdout) as string[];
    },
  };
}
