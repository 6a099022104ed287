import type { Switches } from "../emulator/switches";

/** What a probe found out about one assumption. */
export type Finding =
  | { verdict: "holds"; observed: string }
  | {
      verdict: "differs";
      observed: string;
      /** How to make the local cloud behave so, where a switch can. */
      set?: Partial<Switches>;
    }
  | { verdict: "notTried"; observed: string };

export const holds = (observed: string): Finding => ({ verdict: "holds", observed });

export const differs = (observed: string, set?: Partial<Switches>): Finding => ({ verdict: "differs", observed, set });

export const notTried = (observed: string): Finding => ({ verdict: "notTried", observed });

/** The common case: an assumption that is true or false. */
export const judge = (isSo: boolean, observed: string, otherwise?: Partial<Switches>): Finding =>
  isSo ? holds(observed) : differs(observed, otherwise);

/** By the ID of the assumption. */
export type Findings = Record<string, Finding>;
