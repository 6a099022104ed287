import { CHAINS, chainSeconds, type Pace } from "./chain";
import { type Step, steps } from "./cycle";
import { PACE, type Size, SLOW_ROLES } from "./measure";
import type { Run } from "./project";
import { leastSeconds } from "./ratios";
import type { Results } from "./results";
import { type Cell, table } from "./table";

/** The measured part of docs/performance.md. */
export function report(results: Results): string {
  const wide = results.sizes.filter(({ parallel }) => parallel !== undefined);
  return [
    machine(results),
    "### What one application costs where nothing has to be waited for",
    "Seconds, of processor time in brackets. The second column is a provider that answers at once and does nothing, with as many resources: what is above it is ours.",
    floor(results),
    "### Many applications, in a cloud that takes its time",
    `Seconds; in brackets, how many times the least it can take: what a provider that does nothing takes for as many resources, and the calls that have to wait for each other at ${PACE.call} ms each and ${PACE.operation} ms for an operation.`,
    sizes(results.sizes),
    "![Seconds of up by the number of applications](performance.svg)",
    "### Large stacks, and how often their state is written",
    "The engine writes the whole state again after each step, which costs the more the larger it is. Seconds; in brackets, how many times the least.",
    checkpoints(results),
    "### Where the time of a single application goes",
    chain(),
    slowRoles(results),
    "### Calls of the API",
    "Of `up` for so many new applications with three capabilities each. Those of the last line ask the AI services whether they accept the key; no tokens are spent.",
    callTable(wide, "up"),
    "A `refresh` asks for each key, and for the accounts and the grants of a folder once; the first account it asks for by itself:",
    callTable(wide, "refresh"),
    "### Ways to start the program",
    "A preview without changes of one application, seconds.",
    table(
      ["", "by the clock", "of processors"],
      results.starts.map(({ name, seconds, cpuSeconds }) => [name, fixed(seconds), fixed(cpuSeconds)]),
    ),
    "### The emulator, by size",
    emulator(results),
    "### The review of a pull request",
    "From the text of a preview, in which all is new, to all formats.",
    table(
      ["applications", "preview, MB", "seconds"],
      results.review.map(({ size, megabytes, seconds }) => [count(size), megabytes.toFixed(1), fixed(seconds)]),
    ),
    "### The inventory of a cloud",
    "`npm run inventory` by the clock, from the start of its process to its end, against the emulator in a process of its own.",
    table(
      ["keys", "accounts", "folders", "seconds"],
      results.inventory.map(({ keys, accounts, folders, seconds }) => [
        count(keys),
        count(accounts),
        count(folders),
        fixed(seconds),
      ]),
    ),
  ].join("\n\n");
}

function machine({ machine: m, days }: Results): string {
  const [first, ...later] = [...new Set(Object.values(days))].sort();
  const when = later.length === 0 ? `on ${first}` : `from ${first} to ${later.at(-1)}`;
  return `Measured ${when} by \`npm run bench\`: ${m.cores} cores (${m.processor}), ${m.memoryGiB} GiB, ${m.system}, Node.js ${m.node}, Pulumi ${m.pulumi}, state in files. Medians of rounds that take turns; one round from 100 applications on.`;
}

function floor({ floor }: Results): string {
  const cell = (cycle: Record<Step, { seconds: number; cpuSeconds: number }>, step: Step): Cell =>
    `${fixed(cycle[step].seconds)} (${fixed(cycle[step].cpuSeconds)})`;
  return table(
    [
      "",
      "empty program",
      "provider that does nothing",
      "this provider",
      "ours",
      "memory of the plugin, all processes, MiB",
    ],
    steps.map((step) => [
      step,
      cell(floor.empty, step),
      cell(floor.nothing, step),
      cell(floor.ours, step),
      fixed(floor.ours[step].seconds - floor.nothing[step].seconds),
      `${count(floor.ours[step].pluginMiB)}, ${count(floor.ours[step].allMiB)}`,
    ]),
  );
}

function sizes(all: Size[]): string {
  return table(
    ["applications", "operations at a time", ...steps, "memory of the plugin, MiB"],
    all.map((size) => [
      count(size.size),
      size.parallel === undefined ? "4 per core" : count(size.parallel),
      ...steps.map((step) => besideLeast(size, step)),
      count(Math.max(...steps.map((step) => size.ours[step].pluginMiB))),
    ]),
  );
}

/** Seconds, and in brackets how many times the least. */
function besideLeast<S extends Step>(measured: Record<"nothing" | "ours", Record<S, Run>>, step: S): Cell {
  const { seconds } = measured.ours[step];
  return `${fixed(seconds)} (${fixed(seconds / leastSeconds(measured, step))})`;
}

function checkpoints({ checkpoints }: Results): string {
  return table(
    [
      "applications, state written",
      "`up`, provider that does nothing",
      "`up`, this provider",
      "calls for grants",
      "`refresh`",
      "memory of the plugin that does nothing, MiB",
      "of ours",
    ],
    checkpoints.map((each) => [
      `${count(each.size)}, ${each.way}`,
      fixed(each.nothing.up.seconds),
      besideLeast(each, "up"),
      count(each.ours.up.calls["FolderService/UpdateAccessBindings"] ?? 0),
      besideLeast(each, "refresh"),
      ...[each.nothing, each.ours].map(({ up, refresh }) => count(Math.max(up.pluginMiB, refresh.pluginMiB))),
    ]),
  );
}

function chain(): string {
  const names = Object.keys(CHAINS) as Step[];
  return names
    .map((step) => {
      const links = CHAINS[step]!.filter(([, kind]) => PACE[kind] > 0);
      return `- **${step}**: ${links.map(([what, kind]) => `${what} (${PACE[kind]})`).join(", ")}: ${Math.round(chainSeconds(step, PACE) * 1000)} ms`;
    })
    .join("\n");
}

function slowRoles({ slowRoles, sizes, floor }: Results): string {
  const least = (pace: Pace) => floor.nothing.up.seconds + chainSeconds("up", pace);
  const quick = sizes.find(({ size, parallel }) => size === 1 && parallel !== undefined);
  const line = (name: string, seconds: number, pace: Pace) => [
    name,
    fixed(seconds),
    fixed(least(pace)),
    fixed(seconds / least(pace)),
  ];
  return table(
    ["`up` of one application", "seconds", "the least", "times"],
    [
      ...(quick ? [line("roles are known at once", quick.ours.up.seconds, PACE)] : []),
      line(`roles are known after ${SLOW_ROLES.role / 1000} s`, slowRoles.up.seconds, SLOW_ROLES),
    ],
  );
}

const PROBES = "AI services";

const methodOf = (method: string): string =>
  /^(POST|GET) |^(ImageGeneration|TextGeneration)/.test(method) ? PROBES : method;

function callTable(all: Size[], step: Step): string {
  const counts = all.map((size) => {
    const sums: Record<string, number> = {};
    for (const [method, calls] of Object.entries(size.ours[step].calls)) {
      sums[methodOf(method)] = (sums[methodOf(method)] ?? 0) + calls;
    }
    return sums;
  });
  const methods = [...new Set(counts.flatMap((each) => Object.keys(each)))].sort();
  const ordered = [...methods.filter((method) => method !== PROBES), ...methods.filter((method) => method === PROBES)];
  return table(
    ["applications", ...all.map(({ size }) => count(size))],
    ordered.map((method) => [method, ...counts.map((each) => count(each[method] ?? 0))]),
  );
}

function emulator({ emulator }: Results): string {
  const [first = {}] = emulator;
  const [head = "", ...names] = Object.keys(first);
  return table(
    [head, ...emulator.map((row) => count(row[head] ?? 0))],
    names.map((name) => [name, ...emulator.map((row) => count(row[name] ?? 0))]),
  );
}

const fixed = (seconds: number): string => seconds.toFixed(2);
const count = (number: number): string => Math.round(number).toLocaleString("en");
