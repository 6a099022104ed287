import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quickRuns } from "../support/quickRuns";
import { run } from "../support/run";

const root = join(__dirname, "../..");

/** What a program of the project is made of; the rest is only needed to build, and is shared. */
const OWN = ["Pulumi.yaml", "package.json", "tsconfig.json", "index.ts", "components", "stacks"];
const SHARED = ["node_modules", "provider", "emulator", "policy", "ci"];

/** A clone of this project in a folder of its own, with its own working folder, as a newcomer has it. */
export function startClone() {
  const folder = mkdtempSync(join(tmpdir(), "clone-"));
  for (const name of OWN) cpSync(join(root, name), join(folder, name), { recursive: true });
  for (const name of SHARED) symlinkSync(join(root, name), join(folder, name));
  rmSync(join(folder, "stacks", "Pulumi.local.yaml"), { force: true });
  const connection = join(folder, ".work", "emulator", "connection.json");

  /** The process of `npm run <name> -- <args>` once the toolchain is there. */
  const processOf = (name: string, args: string[], env: Record<string, string>) => {
    const script = `require(${JSON.stringify(join(root, "commands", "bin", `${name}.js`))})
        .main(${JSON.stringify(args)})
        .then(process.exit, (error) => { console.error(error.message); process.exit(1); });`;
    // No machine that the tests run on is asked for its own account.
    const inherited = {
      PATH: process.env.PATH,
      HOME: folder,
      YC_METADATA_ADDR: "127.0.0.1:1",
      ...quickRuns(),
    };
    return [process.execPath, ["-e", script], { cwd: folder, env: { ...inherited, ...env } }] as const;
  };

  return {
    folder,
    /** What `npm run <name> -- <args>` runs. */
    run: (name: string, args: string[] = [], env: Record<string, string> = {}) => {
      const [file, argv, options] = processOf(name, args, env);
      return run(file, [...argv], options);
    },
    /** The same, with Ctrl+C as soon as its output says so: the terminal sends it to every process of the command. */
    async interrupt(name: string, when: RegExp) {
      const [file, argv, options] = processOf(name, [], {});
      const child = spawn(file, argv, { ...options, detached: true });
      let output = "";
      const take = (chunk: Buffer) => {
        const before = when.test(output);
        output += chunk.toString();
        if (!before && when.test(output)) process.kill(-child.pid!, "SIGINT");
      };
      child.stdout.on("data", take);
      child.stderr.on("data", take);
      const [code] = (await once(child, "close")) as [number | null];
      return { code, output };
    },
    /** The process of the clone's emulator, if its file says that there is one. */
    emulatorProcess: () =>
      existsSync(connection) ? (JSON.parse(readFileSync(connection, "utf8")) as { pid: number }).pid : undefined,
    async [Symbol.asyncDispose]() {
      const pid = this.emulatorProcess();
      if (pid && isAlive(pid)) process.kill(pid, "SIGKILL");
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
