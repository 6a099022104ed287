import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Case, Maker } from "./case";
import { openDice } from "./dice";
import { frameCase } from "./frameCases";
import { grpcCase } from "./grpcCases";
import { aiCase, bytesOfHttp, pageCase, pathCase, restCase } from "./httpCases";
import { webSocketCase } from "./socketCases";
import { startTarget } from "./target";

/**
 * `npm run fuzz`: sends the local cloud what no client should send, for a minute or `--minutes <n>`, and ends with 1 when it
 * ended, stood still for a second of its own time (patience.ts), answered 500 (in gRPC INTERNAL or UNKNOWN), wrote of what should not be, or grew.
 * `--seed <n>` sends one round again as it was (the whole of it unless `--minutes` says how long), with `--cases <n>` only so many
 * of it, and with `--case <n>` only that one. Findings are in .work/fuzz.
 */
const makers: [share: number, Maker][] = [
  [30, restCase],
  [25, aiCase],
  [25, grpcCase],
  [4, pageCase],
  [4, pathCase],
  [4, bytesOfHttp],
  [4, frameCase],
  [4, webSocketCase],
];
const deck = makers.flatMap(([share, maker]) => Array.from({ length: share }, () => maker));

/** Cases between two starts of the local cloud. */
const ROUND = 10_000;
const BETWEEN_REFILLS = 200;

const folder = resolve(".work/fuzz");

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string" },
      cases: { type: "string" },
      seed: { type: "string" },
      case: { type: "string" },
      program: { type: "string" },
    },
  });
  const program = resolve(values.program ?? "emulator/bin/emulator.js");
  const minutes = values.minutes ?? (values.seed === undefined ? "1" : undefined);
  const until = minutes === undefined ? Infinity : Date.now() + number("--minutes", minutes) * 60_000;
  const from = number("--case", values.case ?? "0");
  const to = values.case === undefined ? number("--cases", values.cases ?? String(ROUND)) : from + 1;
  let seed = number("--seed", values.seed ?? String(Date.now() % 1_000_000_000));
  const counts = new Map<string, number>();
  let findings = 0;
  let prolonged = 0;
  do {
    console.log(`round with seed ${seed}`);
    const round = await send(program, { seed, from, to, until }, counts);
    findings += round.findings;
    prolonged += round.prolonged;
    seed += 1;
  } while (values.seed === undefined && Date.now() < until);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  console.log(`${total} cases (${[...counts].map(([kind, count]) => `${kind} ${count}`).join(", ")})`);
  if (prolonged > 0) console.log(`${prolonged} answers were late because the machine did other work`);
  console.log(findings === 0 ? "no finding" : `${findings} findings in ${folder}`);
  return findings === 0 ? 0 : 1;
}

function number(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < 0)
    throw new Error(`${flag} ${text} is not a number from 0 on.`);
  return value;
}

/** The cases of a seed from one number to below another, unless the time is up before. */
interface Round {
  seed: number;
  from: number;
  to: number;
  until: number;
}

async function send(program: string, { seed, from, to, until }: Round, counts: Map<string, number>) {
  let target = await startTarget(program);
  let findings = 0;
  let prolonged = 0;
  const end = async () => {
    prolonged += target.patience.prolonged();
    await target[Symbol.asyncDispose]();
  };
  const found = async (at: number, made: Case, problem: string) => {
    findings += 1;
    report(seed, at, made, problem, target.said());
    if (/process ended|simple question|memory/.test(problem)) {
      await end();
      target = await startTarget(program);
    }
  };
  try {
    for (let at = from; at < to && Date.now() < until; at += 1) {
      if (at % BETWEEN_REFILLS === 0) await target.refill();
      const dice = openDice(seed, at);
      const made = dice.pick(deck)(dice, target);
      counts.set(made.kind, (counts.get(made.kind) ?? 0) + 1);
      const problem = await made.run();
      const complaint = (await target.complaint()) ?? target.memoryComplaint();
      const both = [problem, complaint].filter((each) => each !== undefined).join("; ");
      if (both !== "") await found(at, made, both);
    }
    console.log(`  answered: ${await target.statuses()}`);
  } finally {
    await end();
  }
  return { findings, prolonged };
}

function report(seed: number, at: number, made: Case, problem: string, said: string): void {
  const again = `npm run fuzz -- --seed ${seed} --case ${at}`;
  const text = [
    `${made.kind}: ${problem}`,
    `again: ${again}   (without --case for all before it, too)`,
    said,
    made.sent,
  ];
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${seed}-${at}.txt`), `${text.join("\n")}\n`);
  console.log(text.map((part) => part.slice(0, 1_500)).join("\n"));
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
