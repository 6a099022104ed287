import childProcess from "node:child_process";

// Quick tests start no process. jest.config.js sorts the files by what they import; this sees to the packages.
const STARTS = ["exec", "execFile", "execFileSync", "execSync", "fork", "spawn", "spawnSync"] as const;
const originals = { ...childProcess };

for (const name of STARTS)
  childProcess[name] = ((file: unknown) => {
    throw new Error(`A quick test may start no process, but something called ${name}(${JSON.stringify(file)}).`);
  }) as never;

// Another file of the same worker may be allowed to.
afterAll(() => void Object.assign(childProcess, originals));
