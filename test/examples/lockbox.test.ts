import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Emulator } from "../../emulator/emulator";
import { access, advanceTo, startStackOn } from "../support/access";
import { startCloud } from "../support/cloud";
import { leaksOf } from "../support/leakScan";
import { addSecret, entriesOf } from "../support/lockbox";
import { dayAfter, liveKeys, rotation } from "../components/rotationDays";

const folder = join(__dirname, "../../examples/lockbox");
const ENTRY = "api_key";

const PROGRAMS = {
  "service.ts": [process.execPath, "--experimental-strip-types", "--no-warnings", join(folder, "service.ts")],
  "service.py": ["python3", join(folder, "service.py")],
};

/** The program as it runs on a virtual machine: its metadata service and the services of the cloud are on loopback. */
function startService(cloud: Emulator, program: keyof typeof PROGRAMS, secretId: string) {
  const [command = "", ...args] = PROGRAMS[program];
  const service = spawn(command, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH,
      LOCKBOX_SECRET_ID: secretId,
      LOCKBOX_ENTRY: ENTRY,
      LOCKBOX_URL: cloud.url,
      YC_METADATA_ADDR: new URL(cloud.url).host,
      OPENAI_BASE_URL: `${cloud.url}/v1`,
      OPENAI_PROJECT_ID: cloud.folderId,
      KEEP_SECONDS: "0.05",
      PORT: "0",
    },
  });
  let said = "";
  for (const stream of [service.stdout, service.stderr]) stream.on("data", (chunk) => (said += chunk));
  const ended = once(service, "close");
  const listening = once(createInterface(service.stdout), "line").then(([line]) => /\d+$/.exec(String(line))?.[0]);
  return {
    ended,
    said: () => said,
    async ask(): Promise<string> {
      const port = await Promise.race([listening, ended.then(() => Promise.reject(new Error(said)))]);
      const response = await fetch(`http://127.0.0.1:${port}`, { method: "POST", body: "What do you sell?" });
      return `${response.status} ${await response.text()}`;
    },
    async [Symbol.asyncDispose]() {
      service.kill();
      await ended;
    },
  };
}

/** Asks again and again, for as long as something else happens. */
function keepAsking(service: { ask(): Promise<string> }) {
  const answers: string[] = [];
  let isDone = false;
  const asking = (async () => {
    while (!isDone) answers.push(await service.ask());
  })();
  return { answers, stop: async () => ((isDone = true), await asking) };
}

/** A secret with a reader, which is the account of the machine. */
async function prepare(cloud: Emulator) {
  const reader = cloud.addAccount({ name: "machine" });
  cloud.linkAccount(reader);
  const secretId = await addSecret(cloud, [{ key: "theirs", textValue: "their-own-value" }]);
  return { secretId, deliverTo: { lockbox: { secretId, entry: ENTRY, readers: [`serviceAccount:${reader}`] } } };
}

const modelCalls = (cloud: Emulator) =>
  cloud.calls.filter(({ method, probe }) => method.includes("/chat/completions") && !probe);

describe.each(Object.keys(PROGRAMS) as (keyof typeof PROGRAMS)[])("the example lockbox, %s", (program) => {
  afterEach(() => delete process.env["AI_STUDIO_ACCESS_NOW"]);

  it("reads its key through the metadata token and follows two rotations without a restart or a refusal", async () => {
    await using cloud = await startCloud();
    const { secretId, deliverTo } = await prepare(cloud);
    await using stack = await startStackOn(cloud, access({ rotation, deliverTo }));
    advanceTo(cloud, stack, dayAfter(1));
    await stack.up();
    await using service = startService(cloud, program, secretId);
    const keys = new Set<string>();
    const asked = keepAsking(service);

    try {
      for (const day of [1, 61, 91, 121, 151]) {
        advanceTo(cloud, stack, dayAfter(day));
        await stack.up();
        keys.add((await entriesOf(cloud, secretId))[ENTRY]!);
        expect(await service.ask()).toContain("200 ");
      }
    } finally {
      await asked.stop();
    }

    expect(keys.size).toBe(3);
    expect(liveKeys(cloud)).toHaveLength(1);
    expect(new Set(asked.answers.map((text) => text.slice(0, 4)))).toEqual(new Set(["200 "]));
    expect(modelCalls(cloud).filter(({ status }) => status !== "OK")).toEqual([]);
    for (const key of keys) {
      expect(service.said()).not.toContain(key);
      expect(await leaksOf(key, stack.folder, { printed: stack.printed(), cloud: cloud.dump() })).toEqual([]);
    }
  });

  it("answers on when its key is revoked at once, and when Lockbox cannot be read", async () => {
    await using cloud = await startCloud();
    const { secretId, deliverTo } = await prepare(cloud);
    await using stack = await startStackOn(cloud, access({ deliverTo }));
    await stack.up();
    await using service = startService(cloud, program, secretId);
    expect(await service.ask()).toContain("200 ");

    const failing = cloud.calls.length;
    cloud.fault({ method: "PayloadService/Get", code: "UNAVAILABLE", times: 1000 });
    let without = "";
    // The key is used on for a moment before Lockbox is asked again.
    while (!cloud.calls.slice(failing).some(({ method, status }) => method === "PayloadService/Get" && status !== "OK"))
      without = await service.ask();
    cloud.clearFaults();
    const key = Object.values(await stack.resources()).find(({ type }) => type.endsWith(":IamServiceAccountApiKey"));
    await stack.up({ replace: [key?.urn ?? ""] });
    const after = await service.ask();

    expect([without.slice(0, 3), after.slice(0, 3)]).toEqual(["200", "200"]);
    expect(service.said()).toContain("cannot be read from Lockbox");
  });

  it("does not start without the right to read the secret, and says why", async () => {
    await using cloud = await startCloud();
    const { secretId } = await prepare(cloud);
    await using service = startService(cloud, program, secretId);

    const [code] = await service.ended;

    expect(code).not.toBe(0);
    expect(service.said()).toContain("The key cannot be read from Lockbox: ");
    expect(service.said()).toContain("403");
  });
});
