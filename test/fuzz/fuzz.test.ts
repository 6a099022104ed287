import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../support/folder";
import { run } from "../support/run";

const root = join(__dirname, "../..");

/** The local cloud with a fault: what it does with a query that has `filter` in it. */
function faultyCloud(folder: string, fault: string): string {
  const program = join(folder, "faulty.js");
  const lines = [
    `const Right = URLSearchParams;`,
    `const faulty = (text) => { if (String(text).includes("filter")) { ${fault} } };`,
    `globalThis.URLSearchParams = class extends Right { constructor(text) { super(text); faulty(text); } };`,
    `require(${JSON.stringify(join(root, "emulator/bin/emulator.js"))});`,
  ];
  writeFileSync(program, lines.join("\n"));
  return program;
}

const fuzz = (folder: string, program: string) =>
  run(process.execPath, [join(root, "test/fuzz/bin/main.js"), "--seed", "7", "--cases", "13", "--program", program], {
    cwd: folder,
    env: process.env,
  });

/** Other work for each core, until the process has waited longer for one than an answer may take. */
const MADE_TO_WAIT = `
  if (globalThis.asked) return;
  globalThis.asked = true;
  const { availableParallelism, setPriority } = require("node:os");
  const whileThisLives = "for (const parent = process.ppid; process.ppid === parent;);";
  const other = () => require("node:child_process").spawn(process.execPath, ["-e", whileThisLives]);
  const others = Array.from({ length: availableParallelism() }, other);
  setPriority(19);
  const waitedMs = () => require("node:fs").readFileSync("/proc/self/schedstat", "latin1").split(" ")[1] / 1e6;
  for (const before = waitedMs(); waitedMs() < before + 1_500;);
  for (const each of others) each.kill("SIGKILL");
`;

describe("the fuzzer", () => {
  it.each([
    ["an end of the process", "process.exit(3)", "the process ended (3)"],
    ["an answer of 500", "throw new Error('planted')", "the answer is HTTP/1.1 500"],
    ["a standstill", "for (;;);", "a simple question is not answered within 1000 ms"],
    ["a silence", "require('node:http').ServerResponse.prototype.end = () => {}", "no whole answer within 1000 ms"],
    ["a leak", "(globalThis.kept ??= []).push(Buffer.alloc(2 ** 30, 1))", "its memory has grown to"],
    ["a complaint", "setTimeout(() => { throw new Error('planted') })", "it wrote of what should not be"],
  ])("finds %s, and says how to see it again", async (_, fault, words) => {
    using folder = temporaryFolder();

    const { code, output } = await fuzz(folder.path, faultyCloud(folder.path, fault));

    expect(code).toBe(1);
    expect(output).toContain(words);
    expect(output).toMatch(/again: npm run fuzz -- --seed 7 --case \d+/);
    expect(output).toMatch(/[A-Z]+ \/\S*filter\S* HTTP\/1\.1/);
  });

  it("tells a machine that does other work from a standstill", async () => {
    using folder = temporaryFolder();

    const { code, output } = await fuzz(folder.path, faultyCloud(folder.path, MADE_TO_WAIT));

    expect(output).toContain("no finding");
    expect(output).toMatch(/^[1-9]\d* answers were late because the machine did other work$/m);
    expect(code).toBe(0);
  });

  it("sends the same again for the same seed", async () => {
    using folder = temporaryFolder();
    const program = faultyCloud(folder.path, "process.exit(3)");

    const first = /--case (\d+)/.exec((await fuzz(folder.path, program)).output)?.[1];
    const second = /--case (\d+)/.exec((await fuzz(folder.path, program)).output)?.[1];

    expect(first).toBeDefined();
    expect(second).toBe(first);
  });
});
