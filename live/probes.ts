/**
 * probes/: how to find out what holds. Each probe asks a real cloud over REST, creates only what `Lab` labels, and says for
 * each assumption that it settles whether it holds. It may import the ledger's types, the lab and the switches' defaults.
 * Start with `Probe`, then probes/operations.ts, the smallest.
 */
import type { Findings } from "./finding";
import type { Lab } from "./lab";
import { bindings } from "./probes/bindings";
import { capabilities, type KeyProbes } from "./probes/capabilities";
import { conflicts } from "./probes/conflicts";
import { errors } from "./probes/errors";
import { keyAccess } from "./probes/keyAccess";
import { keys } from "./probes/keys";
import { keyScopes } from "./probes/keyScopes";
import { models } from "./probes/models";
import { names } from "./probes/accountNames";
import type { ProbeName } from "./probes/names";
import { operations } from "./probes/operations";
import { secrets } from "./probes/secrets";

export interface Probe {
  /** What it does, for the plan. */
  about: string;
  /** What it creates, for the plan. */
  creates: string;
  /** Roles of the deployer on the folder beside those for accounts and keys. */
  needs?: string;
  /** It asks a model, which costs tokens, so it runs only with `--with-calls`. */
  costs?: string;
  run(lab: Lab, asking: Asking): Promise<Findings>;
}

/** What is not asked over REST. */
export interface Asking {
  /** The provider's own questions whether a key opens a capability. */
  keyProbes: KeyProbes;
}

export const probes: Record<ProbeName, Probe> = {
  errors,
  operations,
  names,
  bindings,
  conflicts,
  keys,
  keyScopes,
  keyAccess,
  capabilities,
  secrets,
  models,
};
