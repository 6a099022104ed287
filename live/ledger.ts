/**
 * The ledger: each behaviour of the real cloud that this project takes for true without having seen it there.
 * `emulator/ASSUMPTIONS.md` is generated from it, and `npm run live` tries what can be tried on a real account.
 * It may import the switches of the local cloud and the table of capabilities. Start with `Assumption`, then one area of ledger/.
 */
import type { Switches } from "../emulator/switches";
import { accountAssumptions } from "./ledger/accounts";
import { bindingAssumptions } from "./ledger/bindings";
import { capabilityAssumptions } from "./ledger/capabilities";
import { keyAssumptions } from "./ledger/keys";
import { lockboxAssumptions } from "./ledger/lockbox";
import { modelAssumptions } from "./ledger/models";
import { signInAssumptions } from "./ledger/signIn";
import { wireAssumptions } from "./ledger/wire";
import type { ProbeName } from "./probes/names";

/** How much there is behind an assumption, the best first. */
export type Ground =
  /** A page of the vendor says it, for the moment at which it was written. */
  | "documented"
  /** The vendor's API definitions (protos) say it. */
  | "defined"
  /** A client or a test suite of the vendor relies on it. */
  | "client"
  /** It follows from one of these, but nothing says it. */
  | "inferred"
  /** Nothing public says it. */
  | "assumed";

export interface Assumption {
  /** Stable, `area-subject`: reports and docs refer to it. */
  id: string;
  /** One sentence about the real cloud, true or false. */
  sentence: string;
  ground: Ground;
  /** Where it comes from; for `assumed`, what was looked for in vain. */
  source: string;
  /** What of this project is wrong or slower if the sentence is false. */
  dependsOn: string;
  /** The switch of the local cloud that stands for it. */
  switch?: keyof Switches;
  /** The probe of `npm run live` that settles it, or why no probe does. */
  settledBy: ProbeName | { notTried: string };
}

export const assumptions: readonly Assumption[] = [
  ...wireAssumptions,
  ...signInAssumptions,
  ...accountAssumptions,
  ...bindingAssumptions,
  ...keyAssumptions,
  ...capabilityAssumptions,
  ...modelAssumptions,
  ...lockboxAssumptions,
];

/** The assumptions that a probe settles. */
export const settledBy = (probe: ProbeName): Assumption[] =>
  assumptions.filter((assumption) => assumption.settledBy === probe);
