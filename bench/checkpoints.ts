import { openProject, type Run } from "./project";
import { PACE, type Say, switchesOf } from "./measure";

/** How the engine keeps a state in files, by its settings. */
const WAYS = {
  "after each step": {},
  "after each step, compressed": { PULUMI_DIY_BACKEND_ZSTD: "true" },
  "at the end alone": { PULUMI_SKIP_CHECKPOINTS: "true" },
} as const;

type Way = keyof typeof WAYS;

/** Five hundred, written whole after each step, would take the engine half an hour and tell nothing new. */
const MEASURED: [size: number, ways: Way[]][] = [
  [100, ["after each step", "after each step, compressed", "at the end alone"]],
  [500, ["after each step, compressed", "at the end alone"]],
];

export interface Checkpoints {
  size: number;
  /** When the state is written. */
  way: Way;
  nothing: Large;
  ours: Large;
}

/** What is measured of a large stack: its life as a whole would take too long. */
type Large = Record<"up" | "refresh", Run>;

/** What large stacks take by the way that their state is kept, once each. */
export async function measureCheckpoints(say: Say): Promise<Checkpoints[]> {
  const all: Checkpoints[] = [];
  for (const [size, ways] of MEASURED) {
    for (const way of ways) {
      say(`${size} applications, state written ${way}`);
      all.push({ size, way, nothing: await large("nothing", size, way), ours: await large("apps", size, way) });
    }
  }
  return all;
}

async function large(program: "nothing" | "apps", size: number, way: Way): Promise<Large> {
  const project = await openProject({ program, size, switches: switchesOf(PACE), env: WAYS[way] });
  try {
    return { up: await project.run("up"), refresh: await project.run("refresh") };
  } finally {
    await project[Symbol.asyncDispose]();
  }
}
