import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiKeyServiceService } from "@yandex-cloud/nodejs-sdk/iam-v1/api_key_service";
import { ServiceAccountServiceService } from "@yandex-cloud/nodejs-sdk/iam-v1/service_account_service";
import { FolderServiceService } from "@yandex-cloud/nodejs-sdk/resourcemanager-v1/folder_service";
import { createChannel, createClientFactory, Metadata } from "nice-grpc";
import { startEmulator } from "../emulator/emulator";
import { startCloud } from "./cloud";

const sizes = [
  { accounts: 10, keys: 100, grants: 200 },
  { accounts: 100, keys: 1_000, grants: 2_000 },
  { accounts: 1_000, keys: 10_000, grants: 20_000 },
];

/** Calls under way at a time, and how long each kind is measured. */
const concurrency = 10;
const measureMs = 1_500;

type Size = (typeof sizes)[number];
/** By what was measured. */
export type Row = Record<string, number>;

/** How the local cloud bears size: start-up, memory, and calls a second of a few calls that look different inside. */
export async function measureEmulator(say: (text: string) => void): Promise<Row[]> {
  const rows: Row[] = [];
  for (const size of sizes) {
    say(`the emulator with ${size.accounts} accounts, ${size.keys} keys, ${size.grants} grants`);
    rows.push(await measure(size));
  }
  return rows;
}

async function measure(size: Size): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), "bench-emulator-"));
  const stateFile = join(folder, "state.json");
  const known = await fill(stateFile, size);
  const cloud = await startCloud(folder);
  const channel = createChannel(cloud.endpoint);
  try {
    const metadata = Metadata({ authorization: `Bearer ${cloud.token}` });
    const clients = createClientFactory();
    const accounts = clients.create(ServiceAccountServiceService, channel, { "*": { metadata } });
    const keys = clients.create(ApiKeyServiceService, channel, { "*": { metadata } });
    const folders = clients.create(FolderServiceService, channel, { "*": { metadata } });
    const { folderId } = cloud;
    const list = { folderId, pageSize: 100, pageToken: "", filter: "" };
    const memoryAtStart = memoryOf(cloud.pid);
    const walked = await timed(async () => {
      let pageToken = "";
      do {
        const page = await folders.listAccessBindings({ resourceId: folderId, pageSize: 1000, pageToken });
        pageToken = page.nextPageToken;
      } while (pageToken !== "");
    });
    let made = 0;
    const rates = {
      "get an account": await rate(() => accounts.get({ serviceAccountId: known.accountId })),
      "list 100 accounts": await rate(() => accounts.list(list)),
      "list keys of an account": await rate(() =>
        keys.list({ serviceAccountId: known.accountId, pageSize: 100, pageToken: "" }),
      ),
      "list 100 grants": await rate(() =>
        folders.listAccessBindings({ resourceId: folderId, pageSize: 100, pageToken: "" }),
      ),
      "create an account": await rate(() =>
        accounts.create({ folderId, name: `made-${(made += 1)}`, description: "", labels: {} }),
      ),
      "create a key": await rate(() =>
        keys.create({ serviceAccountId: known.accountId, description: "", scope: "", scopes: [] }),
      ),
      "grant a role": await rate(() =>
        folders.updateAccessBindings({
          resourceId: folderId,
          accessBindingDeltas: [
            {
              action: 1,
              accessBinding: { roleId: "viewer", subject: { id: `somebody-${(made += 1)}`, type: "federatedUser" } },
            },
          ],
        }),
      ),
      "chat with a key": await rate(() => chat(cloud.url, known.secret, folderId)),
    };
    return {
      accounts: size.accounts,
      keys: size.keys,
      grants: size.grants,
      "state file, kB": Math.round(statSync(stateFile).size / 1000),
      "start-up, ms": cloud.startMs,
      "memory after start, MB": memoryAtStart,
      "memory after all, MB": memoryOf(cloud.pid),
      "walk of all grants by 1,000, ms": walked,
      ...Object.fromEntries(Object.entries(rates).map(([name, each]) => [`${name}, calls/s`, each])),
    };
  } finally {
    channel.close();
    await cloud[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A state of this size: every account has its keys, the grants are spread over accounts and people. */
async function fill(stateFile: string, size: Size): Promise<{ accountId: string; secret: string }> {
  let known = { accountId: "", secret: "" };
  await using _cloud = await startEmulator({
    stateFile,
    seed(cloud) {
      const ids = Array.from({ length: size.accounts }, (_, n) =>
        cloud.addAccount({ name: `app-${n}`, roles: ["ai.languageModels.user"] }),
      );
      for (let n = 0; n < size.keys; n += 1) {
        const accountId = ids[n % ids.length] ?? "";
        known = { accountId, secret: cloud.addApiKey(accountId).secret };
      }
      for (let n = size.accounts; n < size.grants; n += 1)
        cloud.addGrant({ roleId: "viewer", subject: { id: `person-${n}`, type: "userAccount" } });
    },
  });
  return known;
}

async function chat(url: string, secret: string, folderId: string): Promise<void> {
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
    body: JSON.stringify({
      model: `gpt://${folderId}/yandexgpt/latest`,
      messages: [{ role: "user", content: "Hello" }],
    }),
  });
  if (!answer.ok) throw new Error(`The chat answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}

/** Calls a second, with a few under way all the time. */
async function rate(call: () => Promise<unknown>): Promise<number> {
  let done = 0;
  const began = performance.now();
  const worker = async () => {
    while (performance.now() - began < measureMs) {
      await call();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return Math.round((done * 1000) / (performance.now() - began));
}

async function timed(act: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await act();
  return Math.round(performance.now() - began);
}

/** Resident memory of a process in MB, as the system counts it; 0 where /proc is missing. */
function memoryOf(pid: number): number {
  try {
    const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Math.round(Number(kilobytes) / 1000);
  } catch {
    return 0;
  }
}
