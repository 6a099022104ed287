import { openProject, type Project, type ProjectOptions, type Run, type Verb } from "./project";
import { median } from "./statistics";

/** The life of a stack, in order. Each cycle ends where it began, so another can follow. */
export const STEPS = {
  "preview of all that is new": "preview",
  up: "up",
  "preview, no change": "preview",
  "up, no change": "up",
  refresh: "refresh",
  destroy: "destroy",
} as const satisfies Record<string, Verb>;

export type Step = keyof typeof STEPS;

export type Cycle = Record<Step, Run>;

export const steps = Object.keys(STEPS) as Step[];

/** Runs one cycle after the other on each of the projects in turn, so that whatever slows the machine down slows all of them. */
export async function interleaved<Name extends string>(
  projects: Record<Name, ProjectOptions>,
  rounds: number,
  say: (text: string) => void,
): Promise<Record<Name, Cycle>> {
  const names = Object.keys(projects) as Name[];
  const open: [Name, Project][] = [];
  const cycles = Object.fromEntries(names.map((name) => [name, [] as Cycle[]])) as Record<Name, Cycle[]>;
  try {
    for (const name of names) open.push([name, await openProject(projects[name])]);
    for (let round = 1; round <= rounds; round += 1) {
      for (const [name, project] of open) {
        say(`${name}, round ${round} of ${rounds}`);
        cycles[name].push(await cycleOf(project));
      }
    }
  } finally {
    for (const [, project] of open) await project[Symbol.asyncDispose]();
  }
  return Object.fromEntries(names.map((name) => [name, middleOf(cycles[name])])) as Record<Name, Cycle>;
}

async function cycleOf(project: Project): Promise<Cycle> {
  const runs: Partial<Cycle> = {};
  for (const step of steps) runs[step] = await project.run(STEPS[step]);
  return runs as Cycle;
}

/** Medians of times and memory, each by itself; the calls of the first round. */
function middleOf(cycles: Cycle[]): Cycle {
  const middle = (step: Step): Run => {
    const runs = cycles.map((cycle) => cycle[step]);
    return {
      seconds: median(runs.map(({ seconds }) => seconds)),
      cpuSeconds: median(runs.map(({ cpuSeconds }) => cpuSeconds)),
      pluginMiB: median(runs.map(({ pluginMiB }) => pluginMiB)),
      allMiB: median(runs.map(({ allMiB }) => allMiB)),
      calls: runs[0]!.calls,
    };
  };
  return Object.fromEntries(steps.map((step) => [step, middle(step)])) as Cycle;
}
