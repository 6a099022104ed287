import { cpSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { leaksOf } from "../support/leakScan";
import type { Ran } from "../support/run";
import { isAlive, startClone } from "./clone";

describe("npm start", () => {
  // One stack serves all: each case but the last leaves one that is up.
  let clone: ReturnType<typeof startClone>;
  let settings: string;
  let first: Ran;
  beforeAll(async () => {
    clone = startClone();
    settings = join(clone.folder, "stacks", "Pulumi.local.yaml");
    first = await clone.run("start");
  });
  afterAll(() => clone[Symbol.asyncDispose]());

  it("ends with an answer, has nothing that doctor would warn of, and changes nothing the second time", async () => {
    expect(first.output).toMatch(/\+ .*IamServiceAccountApiKey shop created/);
    expect(first.output).toMatch(/^The answer: \S/m);
    expect(first.output).toMatch(/^Next:\n {2}npm run env -- --app shop .+\n {2}npm run pulumi -- preview --diff/m);
    expect(first.code).toBe(0);

    const examined = await clone.run("doctor");
    expect([examined.code, examined.output]).toEqual([0, expect.stringMatching(/\n\n0 problems, 0 warnings\n$/)]);

    const second = await clone.run("start");
    expect(second.output).toMatch(/^No changes: /m);
    expect(second.output).toMatch(/^The answer: \S/m);
    expect(second.code).toBe(0);

    const preview = await clone.run("pulumi", ["preview", "--diff", "--expect-no-changes"]);
    expect(preview.code).toBe(0);
    const outputs = await clone.run("pulumi", ["stack", "output"]);
    expect(outputs.output).toMatch(/shopApiKey +\[secret\]/);
    const { output: shown } = await clone.run("pulumi", ["stack", "output", "shopApiKey", "--show-secrets"]);
    const printed = { first: first.output, second: second.output, preview: preview.output, outputs: outputs.output };
    expect(await leaksOf(shown.trim(), join(clone.folder, ".work"), printed)).toEqual([]);
    expect(statSync(join(clone.folder, ".work", "passphrase")).mode & 0o777).toBe(0o600);
  });

  it("refuses the passphrase of another stack, as every command does, and works once it is put back", async () => {
    const file = join(clone.folder, ".work", "passphrase");
    const passphrase = readFileSync(file, "utf8");
    writeFileSync(file, "of another stack\n");

    const commands = [["start"], ["destroy"], ["env"], ["review"], ["drift"], ["pulumi", "preview"]] as const;
    const refused = [];
    for (const [name, ...args] of commands) refused.push(await clone.run(name, args));
    writeFileSync(file, `${passphrase}\n`);

    const sentence =
      ".work/passphrase is not the passphrase of stack local: put the passphrase back, or remove the folder .work and run npm start, which makes a new local stack.";
    expect(refused).toEqual(commands.map(() => ({ code: 1, output: expect.stringContaining(sentence) })));
    expect((await clone.run("env")).code).toBe(0);
  });

  it("starts an emulator of its own in a copy of a clone, and leaves that of the other alone", async () => {
    const first = clone.emulatorProcess()!;
    await using copy = startClone();
    cpSync(join(clone.folder, ".work"), join(copy.folder, ".work"), { recursive: true });
    cpSync(join(clone.folder, "stacks"), join(copy.folder, "stacks"), { recursive: true });

    const { code } = await copy.run("start");

    expect(code).toBe(0);
    expect(isAlive(first)).toBe(true);
    expect(copy.emulatorProcess()).not.toBe(first);
  });

  describe("with other settings", () => {
    let before: string;
    const write = (apps: string) =>
      writeFileSync(settings, `config:\n  yandex-ai-access:apps:\n${apps}${/^encryptionsalt.*/m.exec(before)?.[0]}\n`);
    beforeEach(() => void (before = readFileSync(settings, "utf8")));
    afterEach(() => writeFileSync(settings, before));

    it("says what is wrong with the settings of the stack", async () => {
      writeFileSync(settings, before.replace("imageGeneration", "imageGenration"));

      const { code, output } = await clone.run("start");

      expect(code).not.toBe(0);
      expect(output).toMatch(/stacks\/Pulumi\.local\.yaml: .*imageGenration/);
      expect(output).not.toMatch(/^ +at /m);
    });

    it("names the file and the setting that was meant, where none is that of the applications", async () => {
      writeFileSync(settings, before.replace("yandex-ai-access:apps:", "yandex-ai-access:app:"));

      const { output } = await clone.run("start");

      expect(output).toContain("stacks/Pulumi.local.yaml has 2 mistakes:");
      expect(output).toContain("app is not a known setting; did you mean apps?");
    });

    it("asks the application that stands last in the settings, which was added last", async () => {
      const app = (name: string) => `    ${name}:\n      capabilities: [textGeneration]\n`;
      write(app("aunt") + app("zebra") + app("newcomer"));

      const { code, output } = await clone.run("start");

      expect(output).toMatch(/^newcomer asked /m);
      expect(output).toMatch(/^ {2}npm run env -- --app newcomer /m);
      expect(code).toBe(0);
    });

    it("asks no question of an application that only draws, and is done all the same", async () => {
      write("    draw:\n      capabilities: [imageGeneration]\n");

      const { code, output } = await clone.run("start");

      expect(output).toMatch(/^No application of stack local generates text, so none was asked a question\.$/m);
      expect(output).toMatch(/^ {2}npm run env -- --app draw /m);
      expect(code).toBe(0);
    });
  });

  it("refuses an empty passphrase, and works after the folder is removed, as it says", async () => {
    const old = clone.emulatorProcess()!;
    writeFileSync(join(clone.folder, ".work", "passphrase"), "");

    const refused = await clone.run("start");
    const examined = await clone.run("doctor");

    const advice =
      "put the passphrase back, or remove the folder .work and run npm start, which makes a new local stack.";
    expect(refused).toEqual({ code: 1, output: `.work/passphrase is empty: ${advice}\n` });
    expect(examined.output).toContain(advice);
    rmSync(join(clone.folder, ".work"), { recursive: true });
    expect(await clone.run("start")).toMatchObject({ code: 0, output: expect.stringMatching(/^The answer: \S/m) });
    expect(isAlive(old)).toBe(false);
  });

  it("leaves nothing behind when it is destroyed", async () => {
    const emulator = clone.emulatorProcess()!;
    const destroyed = await clone.run("destroy");
    expect(destroyed.output).toMatch(/^ {2}0 service accounts\n {2}0 API keys\n {2}0 roles of service accounts$/m);
    expect(destroyed.code).toBe(0);
    expect(isAlive(emulator)).toBe(false);
  });
});

describe("npm start in a fresh clone", () => {
  it("says after Ctrl+C how to go on, and goes on", async () => {
    await using clone = startClone();

    const { code, output } = await clone.interrupt("start", /IamServiceAccount shop creating/);
    const again = await clone.run("start");

    expect(output.trimEnd().split("\n").at(-1)).toBe("Interrupted. Nothing is lost: npm start continues from here.");
    expect(output).not.toMatch(/^ +at /m);
    expect(code).not.toBe(0);
    expect(again.output).toMatch(/^The answer: \S/m);
    expect(again.code).toBe(0);
  });

  it("refuses encrypted settings whose passphrase no longer exists", async () => {
    await using clone = startClone();
    const settings = "config:\n  yandex-ai-access:word:\n    secure: v1:abc\nencryptionsalt: v1:abc\n";
    writeFileSync(join(clone.folder, "stacks", "Pulumi.local.yaml"), settings);

    const { code, output } = await clone.run("start");

    expect(output).toMatch(
      /^stacks\/Pulumi\.local\.yaml has values that were encrypted with a passphrase that no longer/,
    );
    expect(code).toBe(1);
  });

  it("waits for another one that runs already, and makes everything once", async () => {
    await using clone = startClone();

    const runs = await Promise.all([clone.run("start"), clone.run("start")]);

    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    expect(
      runs.filter(({ output }) => /^Another npm start .* runs \(process \d+\): waiting/m.test(output)),
    ).toHaveLength(1);
    expect(runs.filter(({ output }) => /^No changes: /m.test(output))).toHaveLength(1);
  });

  it("says why the emulator does not start", async () => {
    await using clone = startClone();
    await clone.run("pulumi", ["version"]);
    writeFileSync(join(clone.folder, ".work", "emulator", "state.json"), "{");

    const { code, output } = await clone.run("start");

    expect(code).toBe(1);
    expect(output).toMatch(
      /^The emulator stopped before it was ready: .*state\.json.* \(see \.work\/emulator\/emulator\.log\)\n$/,
    );
  });
});

describe("npm start for a real account", () => {
  const settings = "config:\n  yandex:folderId: b1g00000000000000001\n";
  const credentials = { YC_TOKEN: "t1.nothing" };

  it.each([
    ["no settings", undefined, {}, /^stacks\/Pulumi\.dev\.yaml does not exist: .*\n$/],
    ["no folder", "config: {}\n", credentials, /^No folder is named for stack dev: .*\n$/],
    ["no credentials", settings, {}, /^No credentials for Yandex Cloud: .*\n$/],
    [
      "an empty passphrase",
      settings,
      { ...credentials, PULUMI_CONFIG_PASSPHRASE: "" },
      /^PULUMI_CONFIG_PASSPHRASE is empty, .*\n$/,
    ],
  ])("is refused before anything is made: %s", async (_what, text, env, sentence) => {
    await using clone = startClone();
    if (text) writeFileSync(join(clone.folder, "stacks", "Pulumi.dev.yaml"), text);

    const { code, output } = await clone.run("start", ["--stack", "dev"], env);

    expect(code).toBe(1);
    expect(output).toMatch(sentence);
    expect(existsSync(join(clone.folder, ".work", "state", ".pulumi"))).toBe(false);
  });
});
