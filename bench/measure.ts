import { type Cycle, interleaved } from "./cycle";
import type { Pace } from "./chain";

export type Say = (text: string) => void;

/** As in the comparison with others: 50 ms for a call, operations that end after 400 ms; and the same with roles that take their time. */
export const PACE: Pace = { call: 50, operation: 400, role: 0 };
export const SLOW_ROLES: Pace = { ...PACE, role: 2000 };

/** How the emulator keeps that pace. */
export const switchesOf = ({ call, operation, role }: Pace) => ({
  latencyMs: call,
  operations: { ms: operation },
  roleDelayMs: role,
});

export type Floor = Record<"empty" | "nothing" | "ours", Cycle>;

/** One application and no cloud to wait for: what the engine costs, what any provider costs, and what ours costs. */
export const measureFloor = (rounds: number, say: Say): Promise<Floor> =>
  interleaved(
    {
      empty: { program: "empty", size: 1 },
      nothing: { program: "nothing", size: 1 },
      ours: { program: "apps", size: 1 },
    },
    rounds,
    say,
  );

export interface Size {
  size: number;
  /** Operations at a time; undefined leaves it to the engine, which takes four per core. */
  parallel: number | undefined;
  nothing: Cycle;
  ours: Cycle;
}

/** Many applications in one folder of a slow cloud, beside as many whose resources do nothing. */
export async function measureSize(size: number, parallel: number | undefined, rounds: number, say: Say): Promise<Size> {
  const env = { PULUMI_PARALLEL: parallel?.toString() };
  const at = `${size} applications, ${parallel ?? "default"} at a time`;
  const projects = {
    nothing: { program: "nothing", size, env },
    ours: { program: "apps", size, env, switches: switchesOf(PACE) },
  } as const;
  return { size, parallel, ...(await interleaved(projects, rounds, (text) => say(`${at}: ${text}`))) };
}

/** One application where a granted role takes two seconds to be known. */
export async function measureSlowRoles(rounds: number, say: Say): Promise<Cycle> {
  const projects = { ours: { program: "apps", size: 1, switches: switchesOf(SLOW_ROLES) } } as const;
  return (await interleaved(projects, rounds, (text) => say(`slow roles: ${text}`))).ours;
}
