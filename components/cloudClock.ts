import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";
import { namedMoment, now } from "./clock";
import type { Circumstances, DeployedKey } from "./rotation";
import { cloudReason } from "./written";

/** Clocks that differ by less are taken to agree. */
const TOLERANCE_MS = 5 * 60 * 1000;

/**
 * The time by which the keys of an application rotate.
 *
 * The cloud decides when a key expires, so a wrong clock of this machine must delete or shorten none. Where the two
 * clocks disagree, the cloud's counts and a warning says so; where the cloud's is unknown, at least the moments count at
 * which it made the deployed keys.
 *
 * A preview with AI_STUDIO_ACCESS_NOW shows what that moment will bring, whatever the cloud's time is.
 */
export async function cloudClock(
  component: pulumi.Resource,
  deployed: readonly DeployedKey[],
): Promise<Pick<Circumstances, "now" | "isUnsure">> {
  if (pulumi.runtime.isDryRun() && namedMoment()) return { now: now() };
  const { machine, answer } = await askedOnce(component);
  const isUnknown = typeof answer === "string";
  if (isUnknown && deployed.length > 0) warnOnce(unknownTime(answer));
  const past = deployed.map(({ createdAt }) => Date.parse(createdAt ?? "")).filter((ms) => ms > 0);
  const cloud = answer instanceof Date ? answer : new Date(Math.max(machine.getTime(), ...past));
  const isWrong = Math.abs(machine.getTime() - cloud.getTime()) > TOLERANCE_MS;
  if (isWrong) warnOnce(disagreement(machine, cloud));
  return isWrong ? { now: cloud, isUnsure: true } : { now: machine, isUnsure: isUnknown };
}

interface Clocks {
  /** The time of this machine when the cloud answered. */
  machine: Date;
  /** The cloud's time; undefined where the SDK cannot ask for it; or why it is unknown. */
  answer: Date | string | undefined;
}

/** By provider: applications of one provider ask together. */
const asked = new WeakMap<object, Promise<Clocks>>();

function askedOnce(component: pulumi.Resource): Promise<Clocks> {
  const owner = component.getProvider("yandex:index:Provider") ?? pulumi.runtime.getStackResource() ?? component;
  const answer = asked.get(owner) ?? ask(component).then((answer) => ({ machine: now(), answer }));
  asked.set(owner, answer);
  return answer;
}

async function ask(parent: pulumi.Resource): Promise<Clocks["answer"]> {
  // Looked up by name, because the SDK of a bridged provider has no such function and must compile all the same.
  const { getCloudTime } = yandex as unknown as { getCloudTime?: CloudTimeFunction };
  if (!getCloudTime) return undefined;
  try {
    const moment = new Date((await getCloudTime({}, { parent }))?.time ?? "");
    return Number.isNaN(moment.getTime()) ? "the provider does not say it" : moment;
  } catch (error) {
    return cloudReason(error);
  }
}

type CloudTimeFunction = (args: object, options: pulumi.InvokeOptions) => Promise<{ time?: string } | undefined>;

const CONSEQUENCE = "In this run no key is deleted or gets another expiry.";

const unknownTime = (reason: string): string =>
  `The cloud's time is unknown (${reason}), so the clock of this machine decides which key is current. ${CONSEQUENCE}`;

function disagreement(machine: Date, cloud: Date): string {
  const ms = machine.getTime() - cloud.getTime();
  const difference = `${duration(Math.abs(ms))} ${ms > 0 ? "ahead of" : "behind"} the cloud's time, ${cloud.toISOString()}`;
  const named = namedMoment();
  return named
    ? `AI_STUDIO_ACCESS_NOW, ${named}, is ${difference}, which decides which key is current. ${CONSEQUENCE} Unset it to update.`
    : `The clock of this machine is ${difference}, which decides which key is current. ${CONSEQUENCE} Set the clock.`;
}

const UNITS = [
  ["days", 24 * 60],
  ["hours", 60],
  ["minutes", 1],
] as const;

function duration(ms: number): string {
  const minutes = ms / 60_000;
  const [name, length] = UNITS.find(([, length]) => minutes >= 2 * length) ?? ["minutes", 1];
  return `${Math.round(minutes / length)} ${name}`;
}

/** Once for all applications of a program. */
const warned = new WeakMap<object, Set<string>>();

function warnOnce(message: string): void {
  const root = pulumi.runtime.getStackResource();
  const messages = (root && warned.get(root)) ?? new Set<string>();
  if (root) warned.set(root, messages);
  if (messages.has(message)) return;
  messages.add(message);
  void pulumi.log.warn(message);
}
