import type { Dice } from "./dice";
import type { Target } from "./target";

/** One thing that a client does. */
export interface Case {
  /** `REST`, `WebSocket`, …: for the summary. */
  kind: string;
  /** Where it goes, and all that it sends. Enough to do it again by hand. */
  sent: string;
  /** Does it; answers what was wrong with the answer, if anything. */
  run(): Promise<string | undefined>;
}

export type Maker = (dice: Dice, target: Target) => Case;
