import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Emulator } from "../../emulator/emulator";
import { checkLocks, folderOf } from "../../commands/doctor/lockChecks";
import { authorizedKey } from "../support/authorizedKey";
import { startCloud } from "../support/cloud";
import { startClone } from "./clone";

const DAY = 24 * 60 * 60 * 1000;
const PASSPHRASE = "a passphrase for tests";

type Clone = ReturnType<typeof startClone>;

/** How a user reaches a cloud that is not an emulator of the clone's own. */
const credentials = (cloud: Emulator, more: Record<string, string> = {}) => ({
  YC_TOKEN: cloud.token,
  YC_ENDPOINT: cloud.endpoint,
  YC_AI_ENDPOINT: cloud.url,
  YC_PLAINTEXT: "true",
  YC_METADATA_ADDR: "127.0.0.1:1",
  PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
  ...more,
});

function writeSettings(clone: Clone, cloud: Emulator): void {
  writeFileSync(
    join(clone.folder, "stacks", "Pulumi.dev.yaml"),
    `config:\n  yandex:folderId: ${cloud.folderId}\n  yandex-ai-access:apps:\n    shop:\n      capabilities: [textGeneration]\n`,
  );
}

/** A hash of every file of a folder, links left alone. */
function hashesOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((file) => {
      const path = join(file.parentPath, file.name);
      return [path, createHash("sha256").update(readFileSync(path)).digest("hex")];
    }),
  );
}

describe("npm run doctor", () => {
  it("has nothing to say against a stack that is well", async () => {
    await using cloud = await startCloud();
    await using clone = startClone();
    writeSettings(clone, cloud);
    const deployer = cloud.addAccount({ name: "deployer", roles: ["admin"] });
    const env = credentials(cloud, { YC_TOKEN: "", YC_SERVICE_ACCOUNT_KEY_FILE: authorizedKey(cloud, deployer) });
    expect(await clone.run("start", ["--stack", "dev", "--yes"], env)).toMatchObject({ code: 0 });
    const before = cloud.calls.length;

    const { code, output } = await clone.run("doctor", ["--stack", "dev"], env);

    expect(output.trimEnd().split("\n")).toEqual([
      "ok       stacks/Pulumi.dev.yaml is there.",
      expect.stringMatching(/^ok {7}Pulumi CLI 3\.\d+\.\d+$/),
      expect.stringMatching(/^ok {7}The backend file:\/\/\/\S+ answers\.$/),
      "ok       The secrets of stack dev can be decrypted.",
      "ok       No lock.",
      "ok       No update was interrupted.",
      `ok       Signed in with YC_SERVICE_ACCOUNT_KEY_FILE as service account deployer (${deployer}).`,
      `ok       Folder default (${cloud.folderId}) exists.`,
      "ok       May make service accounts (admin).",
      "ok       May issue API keys (admin).",
      "ok       May grant roles on the folder (admin).",
      "ok       API keys: 1, all in the state, none expires soon.",
      "",
      "0 problems, 0 warnings",
    ]);
    expect(code).toBe(0);
    const calls = cloud.calls.slice(before).map(({ method }) => method);
    expect(calls.filter((each) => !/\/(?:Get|List\w*)$/.test(each))).toEqual(["IamTokenService/Create"]);
  });

  it("tells of each key that is not as it should be, and of a lock and its owner", async () => {
    await using cloud = await startCloud({ clock: () => Date.now() - 40 * DAY });
    await using clone = startClone();
    writeSettings(clone, cloud);
    await clone.run("start", ["--stack", "dev", "--yes"], credentials(cloud));
    const [account] = cloud.snapshot().accounts;
    const foreign = cloud.addApiKey(account!.id, { expiresAt: Date.now() + 3 * DAY - 60_000 });
    const locks = join(clone.folder, ".work", "state", ".pulumi", "locks", "organization", "yandex-ai-access", "dev");
    mkdirSync(locks, { recursive: true });
    const lock = { pid: 4711, username: "ci", hostname: "runner", timestamp: new Date(Date.now() - 90 * 60_000) };
    writeFileSync(join(locks, "one.json"), JSON.stringify(lock));

    const { code, output } = await clone.run("doctor", ["--stack", "dev"], credentials(cloud));

    expect(output).toContain(
      `warning  API key ${foreign.id} is not in the state: another program, a person, or a run of this stack whose state is lost made it.\n         If no application uses it: yc iam api-key delete ${foreign.id}\n`,
    );
    expect(output).toContain(`warning  API key ${foreign.id} expires in 3 days.\n`);
    expect(output).toContain(`warning  API key ${foreign.id} has not been used for 40 days.\n`);
    expect(output).toContain(
      "warning  The stack has been locked by ci@runner (process 4711) for 90 min.\n         If that process no longer runs: npm run pulumi -- cancel --stack dev --yes\n",
    );
    expect(output).toContain("warning  An IAM token does not reveal its subject, so its roles cannot be looked up.\n");
    expect(output).not.toContain(foreign.secret);
    expect(code).toBe(0);
  });

  it("looks at the process of a lock on this machine, and at no lock of another project", async () => {
    await using clone = startClone();
    const home = clone.folder;
    const place = {
      backend: "file://~/state?no_tmp_dir=true",
      project: "shop",
      stack: "acme/dev",
      home,
      hostname: "here",
    };
    const lock = (project: string, pid: number) => {
      const folder = join(home, "state", ".pulumi", "locks", "organization", project, "dev");
      mkdirSync(folder, { recursive: true });
      const content = { pid, username: "me", hostname: "here", timestamp: "2026-01-01T00:00:00Z" };
      writeFileSync(join(folder, `${pid}.json`), JSON.stringify(content));
    };
    const found = () => checkLocks(place, Date.parse("2026-01-01T01:00:00Z"));

    lock("other", process.pid);
    expect(found()).toEqual([{ level: "ok", text: "No lock." }]);
    lock("shop", process.pid);
    expect(found()).toMatchObject([{ next: "That process still runs on this machine: wait for it." }]);
    rmSync(join(home, "state"), { recursive: true });
    lock("shop", 2 ** 22 + 1);
    expect(found()).toMatchObject([
      {
        text: expect.stringMatching(/for 60 min\. That process no longer exists\.$/),
        next: "Remove the lock: npm run pulumi -- cancel --stack acme/dev --yes",
      },
    ]);
  });

  it.each([
    ["file:///a/b%20c?x=1", "/a/b c"],
    ["file://~", "/home/me"],
    ["file://~/state", "/home/me/state"],
    ["file://./state", join(process.cwd(), "state")],
  ])("finds the folder of backend %s", (backend, folder) => {
    expect(folderOf(backend, "/home/me")).toBe(folder);
  });

  it("leaves every file as it was when the passphrase is wrong", async () => {
    await using cloud = await startCloud();
    await using clone = startClone();
    writeSettings(clone, cloud);
    await clone.run("pulumi", ["stack", "init", "dev"], credentials(cloud));
    // Where the salt is missing, the engine itself would write a new one, with the wrong passphrase.
    writeSettings(clone, cloud);
    const tree = () => ({
      ...hashesOf(join(clone.folder, "stacks")),
      ...hashesOf(join(clone.folder, ".work", "state")),
    });
    const before = tree();

    const wrong = credentials(cloud, { PULUMI_CONFIG_PASSPHRASE: "wrong" });
    const { code, output } = await clone.run("doctor", ["--stack", "dev"], wrong);

    expect(output).toContain(
      "PROBLEM  The secrets of stack dev cannot be decrypted: the passphrase is not the one they were made with.\n",
    );
    expect(code).toBe(1);
    expect(tree()).toEqual(before);
  });

  it.each([
    ["no passphrase", undefined, "PROBLEM  No passphrase for stack dev: "],
    ["an empty passphrase", { PULUMI_CONFIG_PASSPHRASE: "" }, "PROBLEM  PULUMI_CONFIG_PASSPHRASE is empty"],
    [
      "an empty passphrase file",
      { PULUMI_CONFIG_PASSPHRASE_FILE: "/dev/null" },
      "PROBLEM  The passphrase file /dev/null is empty.",
    ],
  ])("refuses %s before anything is made", async (_what, env, sentence) => {
    await using cloud = await startCloud();
    await using clone = startClone();
    writeSettings(clone, cloud);
    const { PULUMI_CONFIG_PASSPHRASE: _, ...rest } = credentials(cloud);

    const { code, output } = await clone.run("doctor", ["--stack", "dev"], { ...rest, ...(env as object) });

    expect(output).toContain(sentence);
    expect(code).toBe(1);
    expect(existsSync(join(clone.folder, ".work", "state", ".pulumi"))).toBe(false);
    expect(cloud.calls).toEqual([]);
  });

  it("tells what a stack that is not made yet would meet, and makes nothing", async () => {
    await using cloud = await startCloud();
    await using clone = startClone();
    writeSettings(clone, cloud);

    const { code, output } = await clone.run("doctor", ["--stack", "dev"], credentials(cloud));

    expect(output).toContain(
      "warning  There is no stack dev in it yet.\n         Create it: npm start -- --stack dev\n",
    );
    expect(output).toContain("ok       Signed in with YC_TOKEN.\n");
    expect(code).toBe(0);
    expect(existsSync(join(clone.folder, ".work", "state", ".pulumi", "stacks"))).toBe(false);
  });

  it("tells of a variable without sense", async () => {
    await using cloud = await startCloud();
    await using clone = startClone();
    writeSettings(clone, cloud);

    const { code, output } = await clone.run(
      "doctor",
      ["--stack", "dev"],
      credentials(cloud, { YC_MAX_RETRIES: "many" }),
    );

    expect(output).toMatch(/^PROBLEM {2}yandex:maxRetries must be a whole number/m);
    expect(output).not.toMatch(/^ +at /m);
    expect(code).toBe(1);
  });

  it("tells of a folder that is not there", async () => {
    await using cloud = await startCloud();
    await using clone = startClone();
    writeSettings(clone, { ...cloud, folderId: "b1g00000000000000009" });

    const { code, output } = await clone.run("doctor", ["--stack", "dev"], credentials(cloud));

    expect(output).toMatch(/^PROBLEM {2}The cloud does not show the folder: .*b1g00000000000000009/m);
    expect(code).toBe(1);
  });
});
