import { readFileSync } from "node:fs";

/** So long a process may be ready for a core before its wait is known: the system counts a wait when it ends. */
const LOOK_MS = 20;

/** How a process got on with the cores of its machine. */
interface Share {
  ranMs: number;
  /** Ready to go on, and without a core. */
  waitedMs: number;
  /** It runs, or is ready to. */
  ready: boolean;
}

/** A limit for the answers of one process. */
export interface Patience {
  /** Calls `giveUp` when the process had `ms` for its answer; what comes back ends the wait. */
  wait(ms: number, giveUp: () => void): () => void;
  /** How many waits were longer than their limit because the machine was busy. */
  prolonged(): number;
}

/**
 * Holds `pid` to its own time. The time in which it, or the process that asks, was ready and had no core is the machine's: it
 * does not count. A standstill counts, in a loop as in a sleep. Only Linux tells these apart; elsewhere all time counts.
 */
export function patienceWith(pid: number): Patience {
  let prolonged = 0;
  return {
    prolonged: () => prolonged,
    wait(ms, giveUp) {
      const begun = performance.now();
      const waited = (share: Share) => share.waitedMs + shareOf(process.pid).waitedMs;
      const waitedBefore = waited(shareOf(pid));
      const leftOf = (share: Share) => ms - (performance.now() - begun) + Math.max(0, waited(share) - waitedBefore);
      let timer: NodeJS.Timeout | NodeJS.Immediate = setTimeout(look, ms);
      let isLonger = false;

      function look() {
        const before = shareOf(pid);
        timer = setTimeout(() => judge(before), LOOK_MS);
      }
      function judge(before: Share) {
        const share = shareOf(pid);
        const isQueued = share.ready && share.ranMs === before.ranMs;
        const left = leftOf(share);
        // An answer that has come while this process had no core is read before the immediate.
        if (left <= 0 && !isQueued) return void (timer = setImmediate(giveUp));
        if (!isLonger) prolonged += 1;
        isLonger = true;
        timer = setTimeout(look, Math.max(0, left));
      }
      return () => {
        clearTimeout(timer as NodeJS.Timeout);
        clearImmediate(timer as NodeJS.Immediate);
      };
    },
  };
}

/** Of the main thread, which is the one that answers. */
function shareOf(pid: number): Share {
  try {
    const [ran, waited] = readFileSync(`/proc/${pid}/schedstat`, "latin1").split(" ");
    const state = /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, "latin1"))?.[1];
    return { ranMs: Number(ran) / 1e6, waitedMs: Number(waited) / 1e6, ready: state === "R" };
  } catch {
    return { ranMs: 0, waitedMs: 0, ready: false };
  }
}
