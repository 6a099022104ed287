import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "../commands/clone";
import { startCloud } from "../support/cloud";
import { blocksOf, startReader } from "./document";

// Starts the engine a dozen times, beside whatever else the machine does.
jest.setTimeout(900_000);

const root = join(__dirname, "../..");
const read = (...names: string[]): string => readFileSync(join(root, ...names), "utf8");
const pages = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));

/** Pages whose blocks are run one by one, for what they are about; all blocks of the others are run here. */
const RUN_ELSEWHERE: Record<string, string | string[]> = {
  "state.md": "test/docs/state.test.ts",
  "rotation.md": "test/docs/state.test.ts",
  "recovering.md": "test/docs/recovering.test.ts",
  "how-to.md": "test/docs/howTo.test.ts",
  "workflows.md": "test/workflows/team.ts",
  "terraform.md": "test/docs/terraform.test.ts",
  "testing.md": "test/docs/testing.test.ts",
  "live.md": "test/docs/live.test.ts",
  "delivery.md": "test/docs/delivery.test.ts",
  "installation-configuration.md": "test/toolchain/packageManagers.test.ts",
  "languages.md": ["packedPlugin", "python", "go"].map((name) => `test/languages/${name}.test.ts`),
};

/** In running text, where no block has the same. */
const IN_TEXT = [
  "npm run pulumi -- preview --diff --stack dev",
  "npm run pulumi -- stack output shopApiKey --show-secrets --stack dev",
  "npm run pulumi -- config set --secret doctor:word value --stack dev",
];

/** Of a key that a test makes: test/inventory/adopt.test.ts. */
const WITH_AN_ID = ["npm run adopt -- --key <id>"];

/** Tasks of those who change this project; `.ci/run` and tests of the toolchain run them. */
const isCommand = (command: string): boolean =>
  existsSync(join(root, "commands", `${/^npm (?:run )?(?:--silent )?(\S+)/.exec(command)?.[1]}.ts`));

/** What is the same in a page, where the reader is asked and names a stack, and in a run. */
const plain = (command: string): string =>
  command
    .replace(/ #.*$| --silent| --yes| --stack \S+|…/g, "")
    .replace(/ --(?= *$)/, "")
    .trim();

const blocks = pages.flatMap((page) =>
  Object.entries(blocksOf(page)).map(([heading, block]) => ({ page, heading, block })),
);
const commandsIn = (text: string): string[] =>
  Array.from(text.matchAll(/(?:^ *\$? ?|`)(npm [^`\n]+)/gm), ([, command = ""]) => command);

describe("a command that the documentation shows", () => {
  it("belongs to a block that a test names, if none runs all of its page", () => {
    for (const { page, heading } of blocks) {
      const files = [RUN_ELSEWHERE[page] ?? []].flat();
      const isNamed = files.some((file) => read(file).includes(`"${heading}"`));
      if (files.length > 0) expect([page, heading, isNamed]).toEqual([page, heading, true]);
    }
    expect(blocks.length).toBeGreaterThan(15);
  });

  it("is one that a test runs, wherever in the text it stands", () => {
    const run = [
      ...blocks.flatMap(({ block }) => commandsIn(block)),
      ...IN_TEXT,
      ...WITH_AN_ID,
      "npm run emulator",
    ].map(plain);
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const shown = ["README.md", "CONTRIBUTING.md", ...pages.map((page) => join("docs", page))].flatMap((page) =>
      commandsIn(read(page)),
    );
    const ours = shown.filter((command) => !/^npm (?:install|is|kept|ci|pkg)\b/.test(command));

    expect(ours.length).toBeGreaterThan(40);
    for (const command of ours) {
      expect(Object.keys(scripts)).toContain(/^npm (?:run )?(?:--silent )?(\S+)/.exec(command)?.[1]);
      if (isCommand(command))
        expect([command, run.some((each) => each.startsWith(plain(command)))]).toEqual([command, true]);
    }
  });

  it("does what it says, on every page that has no test of its own", async () => {
    await using cloud = await startCloud();
    await using reader = startReader(cloud, 'rotation: { everyDays: 90, overlapDays: 14, anchor: "2026-01-01" }');
    writeFileSync(
      join(reader.folder, "stacks", "rules.json"),
      /```json\n([\s\S]*?)```/.exec(read("docs", "policy.md"))![1]!,
    );
    expect(await reader.sh("npm start -- --stack dev --yes")).toMatchObject({ code: 0 });

    for (const { page, heading, block } of blocks.filter(({ page }) => !(page in RUN_ELSEWHERE))) {
      const runnable = block.split("\n").filter((line) => !line.startsWith("npm ") || isCommand(line));
      const { code, output } = await reader.sh(runnable.join("\n"));
      expect([page, heading, code, code === 0 ? "" : output]).toEqual([page, heading, 0, ""]);
    }
    for (const command of IN_TEXT) {
      const { code, output } = await reader.sh(command);
      expect([command, code, code === 0 ? "" : output]).toEqual([command, 0, ""]);
    }
  });

  it("keeps the local cloud in the foreground until it is ended", async () => {
    await using cloud = await startCloud();
    await using reader = startReader(cloud);
    await using emulator = reader.start("npm run emulator");
    await emulator.until(() => !!reader.emulatorProcess() && emulator.said().includes("Local cloud is up"));
    const pid = reader.emulatorProcess()!;
    process.kill(pid, "SIGTERM");

    expect((await emulator.ended).code).toBe(0);
    expect(isAlive(pid)).toBe(false);
  });
});
