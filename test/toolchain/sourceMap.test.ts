import { join } from "node:path";
import { run } from "../support/run";

const root = join(__dirname, "../..");

/** Prints from where the plug-in tells its port, which is its own code, and ends it. */
const SHOW_STACK =
  "data:text/javascript,process.stdout.write=()=>{console.error(new Error('here').stack);process.exit(0)};";

describe("the bundle of the provider", () => {
  it("names files of the source in its stack traces when source maps are on", async () => {
    const plugin = join(root, "provider/bin/pulumi-resource-yandex");
    const args = (flags: string[]) => [...flags, "--import", SHOW_STACK, plugin, "127.0.0.1:1"];

    const bare = await run(process.execPath, args([]), { cwd: root, env: process.env });
    const mapped = await run(process.execPath, args(["--enable-source-maps"]), { cwd: root, env: process.env });

    expect(bare.output).not.toMatch(/provider\/\w+(\/\w+)*\.ts:\d+/);
    expect(mapped.output).toMatch(/provider\/\w+(\/\w+)*\.ts:\d+/);
  });
});
