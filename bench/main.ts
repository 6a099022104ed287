import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureCheckpoints } from "./checkpoints";
import { measureEmulator } from "./emulator";
import { measureInventory } from "./inventory";
import { measureFloor, measureSize, measureSlowRoles } from "./measure";
import { plot } from "./plot";
import { ratiosOf, regressions } from "./ratios";
import { report } from "./report";
import { describeMachine, type Part, type Results } from "./results";
import { measureReview } from "./review";
import { measureStarts } from "./starts";

/**
 * `npm run bench`: measures all, and writes bench/results.json and what docs/performance.md shows of it.
 * `npm run bench -- floor starts`: only these parts; the others stay as they are recorded.
 * `npm run bench -- --report`: measures nothing, and writes the page from what is recorded.
 * `npm run bench -- --check`: measures little, compares ratios with the recorded ones, and says which are much worse.
 */
const root = join(__dirname, "../..");
const recorded = join(root, "bench/results.json");
const page = join(root, "docs/performance.md");
const drawing = join(root, "docs/performance.svg");

const parts = [
  "floor",
  "sizes",
  "checkpoints",
  "slowRoles",
  "starts",
  "emulator",
  "review",
  "inventory",
] as const satisfies Part[];

const measures: { [P in Part]: () => Promise<Results[P]> } = {
  floor: () => measureFloor(5, say),
  sizes: measureSizes,
  checkpoints: () => measureCheckpoints(say),
  slowRoles: () => measureSlowRoles(3, say),
  starts: () => measureStarts(5, say),
  emulator: () => measureEmulator(say),
  inventory: async () => [await measureInventory(1_000, say), await measureInventory(10_000, say)],
  review: async () => [await measureReview(20, 5, say), await measureReview(500, 5, say)],
};

/** Applications, operations at a time, rounds. */
const SIZES: [size: number, parallel: number | undefined, rounds: number][] = [
  [1, 1000, 3],
  [10, 1000, 2],
  [20, 1000, 2],
  [100, 1000, 1],
  [1, undefined, 2],
  [20, undefined, 1],
  [100, undefined, 1],
];

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { check: { type: "boolean" }, report: { type: "boolean" } },
    allowPositionals: true,
  });
  const unknown = positionals.filter((name) => !parts.some((part) => part === name));
  if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(", ")}: choose of ${parts.join(", ")}.`);
  if (values.check) await check();
  else {
    if (!values.report) await measure(positionals as Part[]);
    writePage(readResults());
  }
}

async function measure(wanted: Part[]): Promise<void> {
  const before: Partial<Results> = existsSync(recorded) ? readResults() : {};
  const missing = parts.filter((part) => before[part] === undefined);
  const measured: Partial<Results> = { ...before, machine: describeMachine() };
  for (const part of wanted.length > 0
    ? parts.filter((each) => wanted.includes(each) || missing.includes(each))
    : parts) {
    const day = new Date().toISOString().slice(0, 10);
    Object.assign(measured, { [part]: await measures[part](), days: { ...measured.days, [part]: day } });
    writeFileSync(recorded, `${JSON.stringify(rounded(measured), undefined, 1)}\n`);
  }
}

function writePage(results: Results): void {
  writeFileSync(drawing, plot(results.sizes));
  const text = readFileSync(page, "utf8");
  writeFileSync(
    page,
    text.replace(
      /(<!-- measured -->\n)[^]*(\n<!-- end of measured -->)/,
      (_, a, b) => `${a}\n${report(results)}\n${b}`,
    ),
  );
  say("docs/performance.md, docs/performance.svg and bench/results.json are written");
}

async function measureSizes(): Promise<Results["sizes"]> {
  const all = [];
  for (const [size, parallel, rounds] of SIZES) all.push(await measureSize(size, parallel, rounds, say));
  return all;
}

/** Only ever warns: a machine of a CI has good days and bad ones. */
async function check(): Promise<void> {
  const floor = await measureFloor(2, say);
  const sizes = [await measureSize(1, 1000, 2, say), await measureSize(20, 1000, 1, say)];
  const { floor: floorBefore, sizes: sizesBefore } = readResults();
  const before = ratiosOf(
    floorBefore,
    sizesBefore.filter(({ parallel }) => parallel !== undefined),
  );
  const warnings = regressions(ratiosOf(floor, sizes), before);
  for (const warning of warnings) say(`warning: ${warning}`);
  if (warnings.length === 0) say("no ratio is much worse than the recorded ones");
}

const readResults = (): Results => JSON.parse(readFileSync(recorded, "utf8")) as Results;

/** What is recorded is read by people too. */
const rounded = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, each: unknown) => (typeof each === "number" ? Number(each.toFixed(3)) : each)));

function say(text: string): void {
  process.stdout.write(`bench: ${text}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
