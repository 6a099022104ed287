import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Emulator } from "../../emulator/emulator";
import { startClone } from "../commands/clone";
import { startCloud } from "../support/cloud";
import { until } from "../support/until";

const deployer = (cloud: Emulator) => ({
  YC_TOKEN: cloud.token,
  YC_ENDPOINT: cloud.endpoint,
  YC_AI_ENDPOINT: cloud.url,
  YC_PLAINTEXT: "true",
});

/** The command as a process that a test can end. */
function startLive(clone: ReturnType<typeof startClone>, cloud: Emulator): ChildProcess & { text(): string } {
  const bundle = join(__dirname, "../../commands/bin/live.js");
  const script = `require(${JSON.stringify(bundle)}).main(["--folder", "${cloud.folderId}", "--yes"]).then(process.exit)`;
  const env = { PATH: process.env["PATH"], HOME: clone.folder, ...deployer(cloud) };
  const child = spawn(process.execPath, ["-e", script], {
    cwd: clone.folder,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (part: Buffer) => (text += part.toString()));
  return Object.assign(child, { text: () => text });
}

const hasGrants = (cloud: Emulator) => () => cloud.snapshot().grants.length > 1;

describe("npm run live", () => {
  it("says what it will create and what holds, writes report and recording, and leaves nothing", async () => {
    await using cloud = await startCloud({ switches: { scopeOrder: "reversed" } });
    await using clone = startClone();
    const before = cloud.snapshot();
    const files = { report: join(clone.folder, "report.json"), record: join(clone.folder, "recording.json") };

    const args = [
      "--folder",
      cloud.folderId,
      "--yes",
      "--with-calls",
      "--report",
      files.report,
      "--record",
      files.record,
    ];
    const { code, output } = await clone.run("live", args, deployer(cloud));

    expect(output).toContain("This creates, in this folder alone");
    expect(output).toContain("It costs about 200 tokens");
    expect(output).toMatch(/DIFFERS +key-scope-order/);
    expect(output).toContain('with the switch {"scopeOrder":"reversed"}');
    expect(output).toMatch(/\d+ hold, 1 differ, 2 could not be tried\.\nEverything that this run created is removed\./);
    expect(code).toBe(3);
    const { results } = JSON.parse(readFileSync(files.report, "utf8")) as {
      results: { id: string; exchanges?: unknown[] }[];
    };
    expect(results.find(({ id }) => id === "key-scope-order")?.exchanges).not.toEqual([]);
    expect(existsSync(files.record)).toBe(true);
    expect(cloud.snapshot()).toEqual(before);
  });

  it.each([
    [[], "Name the folder to work in: npm run live -- --folder <id>."],
    [["--folder", "b1g", "--only", "keyz"], 'There is no probe "keyz": choose one of errors, operations'],
    [["--folder", "b1gnone"], "/resource-manager/v1/folders/b1gnone was refused: 404"],
  ])("creates nothing with %j, and says why", async (args, sentence) => {
    await using cloud = await startCloud();
    await using clone = startClone();

    const { code, output } = await clone.run("live", args, deployer(cloud));

    expect([code, output]).toEqual([1, expect.stringContaining(sentence)]);
    expect(cloud.writes("ServiceAccountService")).toEqual([]);
  });

  it("creates nothing without a yes", async () => {
    await using cloud = await startCloud();
    await using clone = startClone();

    const { code, output } = await clone.run("live", ["--folder", cloud.folderId], deployer(cloud));

    expect([code, output]).toEqual([1, expect.stringContaining("There is no terminal to ask at: add --yes.")]);
    expect(cloud.writes("ServiceAccountService")).toEqual([]);
  });

  it("removes all when it is interrupted", async () => {
    await using cloud = await startCloud();
    await using clone = startClone();
    const before = cloud.snapshot();
    const child = startLive(clone, cloud);
    const end = once(child, "exit");

    await until(hasGrants(cloud), end);
    child.kill("SIGINT");

    expect(await end).toEqual([130, null]);
    expect(child.text()).toContain("Interrupted. Everything that this run created is removed.");
    expect(cloud.snapshot()).toEqual(before);
  });

  it("removes what a killed run has left, before it begins", async () => {
    await using cloud = await startCloud();
    await using clone = startClone();
    const before = cloud.snapshot();
    const child = startLive(clone, cloud);
    const end = once(child, "exit");
    await until(hasGrants(cloud), end);
    child.kill("SIGKILL");
    await end;
    expect(cloud.snapshot()).not.toEqual(before);

    const { code, output } = await clone.run("live", ["--folder", cloud.folderId, "--clean", "--yes"], deployer(cloud));

    expect([code, output]).toEqual([
      0,
      expect.stringMatching(/Earlier runs left \d+ things: live-.*They are removed\./s),
    ]);
    expect(cloud.snapshot()).toEqual(before);
  });
});
