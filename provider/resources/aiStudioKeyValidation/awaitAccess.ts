import { backoff } from "../../backoff";
import type { Schedule } from "../../backoff";
import { Unreachable } from "../../cloud/http";
import { reasonOf } from "../../cloud/cancellation";
import type { Probe, ProbedKey } from "./probeCalls";
import { probes } from "./probes";
import type { Context } from "../../contract/resource";

interface Key extends ProbedKey {
  capabilities?: string[];
}

/** One node of a service may know a role that the next does not know yet. */
const IN_A_ROW = 3;
const SCHEDULE: Schedule = { first: 250, longest: 2000 };

/** Asks until the key is accepted everywhere, or the time is over; "works", or what was answered last. */
export async function awaitAccess(key: Key, patienceMs: number, context: Context): Promise<string> {
  const wanted = (key.capabilities ?? []).filter((capability) => probes[capability]);
  const started = context.now();
  const answers = await Promise.all(
    wanted.map((capability) => awaitProbe(capability, probes[capability]!, key, started, patienceMs, context)),
  ).catch((error: unknown) => {
    if (!context.signal.aborted) throw error;
    throw new Error(`waiting until the key works was cut short: ${reasonOf(context.signal)}`);
  });
  return answers.find((answer) => answer !== "works") ?? "works";
}

async function awaitProbe(name: string, probe: Probe, key: Key, started: number, patienceMs: number, context: Context) {
  let refusals = 0;
  for (;;) {
    const refusal = await askInARow(probe, key, context);
    if (refusal === undefined) return "works";
    const waited = context.now() - started;
    if (waited >= patienceMs) return `${name} answered ${refusal}`;
    context.logStatus(`waiting for ${name}, ${Math.round(waited / 1000)} s of ${patienceMs / 1000} s: ${refusal}`);
    await context.sleep(backoff(SCHEDULE, refusals++, context.random()), context.signal);
  }
}

/** One question as long as the key is refused; once it is accepted, the others together. */
async function askInARow(probe: Probe, key: Key, context: Context): Promise<string | undefined> {
  const first = await ask(probe, key, context);
  if (first !== undefined) return first;
  const others = Array.from({ length: IN_A_ROW - 1 }, () => ask(probe, key, context));
  return (await Promise.all(others)).find((refusal) => refusal !== undefined);
}

/** Why the service refuses the key, or undefined if it accepts it. A service that cannot be reached counts as a refusal. */
async function ask(probe: Probe, key: Key, context: Context): Promise<string | undefined> {
  try {
    return await probe(key, context);
  } catch (error) {
    if (context.signal.aborted) throw error;
    return error instanceof Unreachable ? `nothing: ${error.message}` : "nothing, the service could not be reached";
  }
}
