import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openProject, SHORT_TRACES, type Project, type ProjectOptions, type Run } from "./project";
import { median } from "./statistics";

export interface Start {
  name: string;
  seconds: number;
  cpuSeconds: number;
}

interface Way {
  name: string;
  program: ProjectOptions["program"];
  env: Record<string, string | undefined>;
  /** Nothing kept from an earlier run, as on a new machine of a CI. */
  cold?: boolean;
}

const CHECKED = { PULUMI_NODEJS_TRANSPILE_ONLY: undefined };
const UNCACHED = { NODE_COMPILE_CACHE: undefined };
/** What the option `typescript: false` does in a newer language host; the one of this project ignores the option. */
const WITHOUT_TYPESCRIPT = {
  NODE_OPTIONS: `${SHORT_TRACES} --import=data:text/javascript,delete%20process.env.PULUMI_NODEJS_TYPESCRIPT`,
};

/** Ways to run the program, from what the engine does by itself to what could be had. */
const WAYS: Way[] = [
  { name: "new machine: checked types", program: "apps", env: { ...CHECKED, ...UNCACHED }, cold: true },
  { name: "new machine: types not checked", program: "apps", env: UNCACHED, cold: true },
  { name: "`pulumi` by itself: changed files checked", program: "apps", env: { ...CHECKED, ...UNCACHED } },
  { name: "types not checked", program: "apps", env: UNCACHED },
  { name: "`npm run pulumi`: and node's compile cache", program: "apps", env: {} },
  { name: "and bundled into one file of JavaScript", program: "bundle", env: WITHOUT_TYPESCRIPT },
];

/** Previews without changes of one application, started in each way in turn. */
export async function measureStarts(rounds: number, say: (text: string) => void): Promise<Start[]> {
  const caches = mkdtempSync(join(tmpdir(), "bench-starts-"));
  const open: { project: Project; way: Way; runs: Run[] }[] = [];
  try {
    for (const way of WAYS) {
      const project = await openProject({ program: way.program, size: 1, env: way.env });
      open.push({ project, way, runs: [] });
      await project.run("up");
    }
    for (let round = 1; round <= rounds; round += 1) {
      say(`ways to start the program, round ${round} of ${rounds}`);
      for (const { project, way, runs } of open) {
        const cold = way.cold && { TS_NODE_CACHE_DIRECTORY: mkdtempSync(join(caches, "cache-")) };
        runs.push(await project.run("preview", { ...cold }));
      }
    }
  } finally {
    for (const { project } of open) await project[Symbol.asyncDispose]();
    rmSync(caches, { recursive: true, force: true });
  }
  return open.map(({ way, runs }) => ({
    name: way.name,
    seconds: median(runs.map(({ seconds }) => seconds)),
    cpuSeconds: median(runs.map(({ cpuSeconds }) => cpuSeconds)),
  }));
}
