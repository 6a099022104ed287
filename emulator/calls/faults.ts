import { StatusError, type CodeName, codes } from "../status";

/** Misbehaviour scripted by the name of a call. Only what is given happens. */
export interface Fault {
  /** `ApiKeyService/Create`, `POST /v1/chat/completions`, or the end of one after `*`: `*Service/Get`, `*` for all. */
  method: string;
  /** How many calls it meets. Default 1. */
  times?: number | "always";
  /** Calls of this name that pass before it begins. Default 0. */
  skip?: number;
  /** Whether the call fails before it has its effect, or after it (the answer is lost). Default "before". */
  when?: "before" | "after";
  /** Refuse with this code. */
  code?: CodeName;
  /** Words of the refusal. Default: a sentence that names the method. */
  message?: string;
  /** Put what the call would have answered, secret and all, into the words of the refusal. For leak tests. */
  echoAnswer?: boolean;
  /** Abort the connection instead of answering. */
  cut?: boolean;
  /** Never answer; the connection stays open. */
  hang?: boolean;
  /** Wait this long, in real ms, before going on. */
  delayMs?: number;
  /** The call answers with an Operation that fails with this. */
  operationFails?: { code: CodeName; message: string };
}

/** Thrown to make the transport drop the connection. */
export class Abort extends Error {}

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** The fault that this call meets, if any; counts it. */
  meet(method: string): Fault | undefined;
}

export function openFaults(): Faults {
  let active: { fault: Fault; skip: number; left: number }[] = [];
  return {
    add(fault) {
      if (fault.code !== undefined && !(fault.code in codes))
        throw new Error(`fault: ${fault.code} is not a status code of gRPC`);
      if (fault.method.lastIndexOf("*") > 0)
        throw new Error(`fault: ${fault.method} meets no call; a * comes first, such as *Service/Get`);
      active.push({ fault, skip: fault.skip ?? 0, left: fault.times === "always" ? Infinity : (fault.times ?? 1) });
    },
    clear() {
      active = [];
    },
    meet(method) {
      for (const entry of active.filter(({ fault }) => matches(fault.method, method))) {
        if (entry.skip > 0) {
          entry.skip -= 1;
          continue;
        }
        entry.left -= 1;
        if (entry.left <= 0) active = active.filter((other) => other !== entry);
        return entry.fault;
      }
      return undefined;
    },
  };
}

const matches = (pattern: string, method: string) =>
  pattern.startsWith("*") ? method.endsWith(pattern.slice(1)) : pattern === method;

/** The refusal of a fault, or undefined when it refuses nothing. */
export function errorOf(fault: Fault, method: string, answer?: unknown): Error | undefined {
  if (fault.cut) return new Abort();
  if (!fault.code) return undefined;
  const echo = fault.echoAnswer && answer !== undefined ? `: ${JSON.stringify(answer)}` : "";
  return new StatusError(fault.code, (fault.message ?? `${method} failed as scripted`) + echo);
}
