import type { Step } from "./cycle";

/** How fast the measured cloud is, in milliseconds. */
export interface Pace {
  /** Of each call. */
  call: number;
  /** From the call until its operation has ended. */
  operation: number;
  /** From a grant until the AI services know of it. */
  role: number;
}

/** A call, the end of what it began, and the question that sees the end. */
const begunAndSeen = (what: string): Link[] => [
  [what, "call"],
  ["… until its operation has ended", "operation"],
  ["… until that is seen", "call"],
];

type Link = [what: string, kind: keyof Pace];

/** The calls of one application that have to wait for each other; whatever goes beside them costs no time. */
export const CHAINS: Partial<Record<Step, Link[]>> = {
  "preview of all that is new": [
    ["the directory of endpoints", "call"],
    ["the folder is there", "call"],
    ["the roles are there", "call"],
  ],
  up: [
    ["the directory of endpoints", "call"],
    ...begunAndSeen("the account is created"),
    ["the folder's grants, for those that were there before", "call"],
    ...begunAndSeen("the roles are granted"),
    ["the folder's grants, until the new ones are listed", "call"],
    ["… until the AI services know of them", "role"],
    ["the key is accepted", "call"],
    ["… and again, twice at once", "call"],
  ],
  refresh: [
    ["the directory of endpoints", "call"],
    ["account, key and the folder's grants, at once", "call"],
  ],
  destroy: [
    ["the directory of endpoints", "call"],
    ...begunAndSeen("roles and key are deleted, at once"),
    ...begunAndSeen("the account is deleted"),
  ],
};

/** Seconds that a step must take at this pace, beside what the engine and the program take. */
export function chainSeconds(step: Step, pace: Pace): number {
  return (CHAINS[step] ?? []).reduce((sum, [, kind]) => sum + pace[kind], 0) / 1000;
}
