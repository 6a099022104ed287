import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Connection } from "../support/cloudProcess";
import { type Patience, patienceWith } from "./patience";

/** Longer than any answer may take, of the local cloud's own time. */
export const LIMIT_MS = 1_000;

/** Of the process after a round, garbage included; its heap alone is held to 256 MiB, beyond which it ends. */
const MEMORY_LIMIT_MIB = 700;

/** The local cloud under fire. */
export interface Target extends AsyncDisposable {
  readonly connection: Connection;
  readonly patience: Patience;
  /** Texts that are right in some places: IDs, secrets, models. They are new after each `refill`. */
  words: string[];
  /** A header that opens what the words name. */
  authorizations: string[];
  /** Makes a new folder, account, key and token, because cases before may have removed the last ones. */
  refill(): Promise<void>;
  /** What is wrong with the process now: ended, standing still, or having written of what should not be. */
  complaint(): Promise<string | undefined>;
  /** How many calls have come through to a rule, by the status that it gave. */
  statuses(): Promise<string>;
  /** What is wrong with its memory. */
  memoryComplaint(): string | undefined;
  /** What it has written about itself since the last call. */
  said(): string;
}

/** Starts `program` with an admin prefix and a state in a folder of its own. */
export async function startTarget(program: string): Promise<Target> {
  const folder = mkdtempSync(join(tmpdir(), "fuzz-"));
  const file = join(folder, "connection.json");
  const args = ["--max-old-space-size=256", program, "--admin", "--quiet", "--connection", file];
  const child = spawn(process.execPath, [...args, "--state", join(folder, "state.json")]);
  let said = "";
  child.stderr.on("data", (chunk) => (said += String(chunk)));
  const closed = once(child, "close");
  await Promise.race([
    once(child.stdout, "data"),
    closed.then(() => Promise.reject(new Error(`${program} did not start: ${said}`))),
  ]);
  child.stdout.resume();
  const connection = JSON.parse(readFileSync(file, "utf8")) as Connection;
  const agent = new Agent({ keepAlive: true });
  const patience = patienceWith(child.pid!);

  const admin = async (verb: string, ...list: unknown[]): Promise<never> => {
    const answer = await fetch(`${connection.url}/_emulator/${verb}`, {
      method: "POST",
      headers: { "content-type": "application/json", connection: "close" },
      body: JSON.stringify(list),
    });
    const { result, error } = (await answer.json()) as { result: never; error?: string };
    if (error !== undefined) throw new Error(`${verb}: ${error}`);
    return result;
  };
  let refills = 0;
  const target: Target = {
    connection,
    patience,
    words: [],
    authorizations: [],
    async refill() {
      refills += 1;
      const cloudId = await admin("addCloud");
      const folderId: string = await admin("addFolder", { cloudId });
      const roles = ["admin", "ai.editor", "ai.assistants.editor", "ai.models.user"];
      const accountId: string = await admin("addAccount", { name: `fuzz-${refills}`, folderId, roles: [] });
      const subject = { id: accountId, type: "serviceAccount" };
      for (const roleId of roles) {
        await admin("addGrant", { resourceId: folderId, roleId, subject });
        await admin("addGrant", { resourceId: connection.folderId, roleId, subject });
      }
      const { id: keyId, secret } = await admin("addApiKey", accountId);
      const token: string = await admin("addToken", accountId);
      const wide: string = await admin("addToken", deployerOf(await admin("snapshot")) ?? accountId);
      const made = await makeObjects(connection, folderId, wide);
      const models = [
        ...["yandexgpt", "qwen3-235b-a22b-fp8", "yandexgpt/latest"].map((name) => `gpt://${folderId}/${name}`),
        ...["text-search-doc/latest", "text-embeddings-v2-doc"].map((name) => `emb://${folderId}/${name}`),
        `art://${folderId}/yandex-art/latest`,
        `cls://${folderId}/yandexgpt-lite/latest`,
      ];
      target.words = [cloudId, folderId, folderId, accountId, keyId, ...models, ...made, ...words];
      const anybody = ["", "Bearer", "Api-Key wrong", "Basic YTpi"];
      target.authorizations = [`Api-Key ${secret}`, `Bearer ${token}`, `Bearer ${wide}`, ...anybody];
    },
    async complaint() {
      const silence = await probe(agent, connection.url, patience);
      if (silence === undefined) return said === "" ? undefined : "it wrote of what should not be";
      // The connections of a process end before it does.
      if (silence.includes("fails")) await Promise.race([closed, pause(LIMIT_MS)]);
      const end = child.exitCode ?? child.signalCode;
      return end === null ? silence : `the process ended (${end})`;
    },
    async statuses() {
      const records: { method: string; status: string }[] = await admin("calls");
      const counts = new Map<string, number>();
      for (const { method, status } of records)
        if (method !== PROBED) counts.set(status, (counts.get(status) ?? 0) + 1);
      return [...counts].map(([status, count]) => `${status} ${count}`).join(", ");
    },
    memoryComplaint() {
      const mib = memoryOf(child);
      return mib > MEMORY_LIMIT_MIB ? `its memory has grown to ${Math.round(mib)} MiB` : undefined;
    },
    said() {
      const text = said;
      said = "";
      return text;
    },
    async [Symbol.asyncDispose]() {
      agent.destroy();
      child.kill("SIGKILL");
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await target.refill();
  return target;
}

const words = [
  ...[
    "serviceAccount",
    "userAccount",
    "allUsers",
    "ai.models.user",
    "viewer",
    "admin",
    "yc.ai.foundationModels.execute",
  ],
  ...["iam", "ai-foundation-models", "NoSuchThing", "shop", "fvt0000000000000000a", "realtime", "100", "text"],
  'name="shop"',
];

const deployerOf = (snapshot: unknown) => /"(ajeu\w{16})"/.exec(JSON.stringify(snapshot))?.[1];

/** One of each kind that the API makes, so that paths of objects lead somewhere. */
async function makeObjects({ url }: Connection, folderId: string, token: string): Promise<string[]> {
  const post = async (path: string, body: unknown) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", "x-folder-id": folderId };
    const answer = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
    const text = await answer.text();
    // Of an operation the ID of what it made, too.
    return answer.ok ? [...text.matchAll(/"(?:\w*[iI]d)":\s*"([^"]+)"/g)].map(([, id]) => id!) : [];
  };
  const made = await Promise.all([
    post("/lockbox/v1/secrets", { folderId, name: "a", versionPayloadEntries: [{ key: "a", textValue: "b" }] }),
    post("/iam/v1/serviceAccounts", { folderId, name: "made" }),
    post("/mcpgateway/v1/mcpGateways", { folderId, name: "made", public: true }),
    post("/v1/vector_stores", { name: "docs" }),
    post("/v1/conversations", {}),
    post("/v1/responses", { model: `gpt://${folderId}/yandexgpt`, input: "hi" }),
  ]);
  return made.flat();
}

const PROBED = "ApiEndpointService/Get";

/** Undefined, or how the process kept a simple question waiting. */
function probe(agent: Agent, url: string, patience: Patience): Promise<string | undefined> {
  return new Promise((resolve) => {
    const asked = request(`${url}/endpoints/iam`, { agent }, (answer) => {
      answer.resume().on("end", () => {
        endWait();
        resolve(answer.statusCode === 200 ? undefined : `a simple question is answered with ${answer.statusCode}`);
      });
    });
    const endWait = patience.wait(LIMIT_MS, () => {
      asked.destroy();
      resolve(`a simple question is not answered within ${LIMIT_MS} ms`);
    });
    asked.on("error", (error) => {
      endWait();
      resolve(`a simple question fails: ${error.message}`);
    });
    asked.end();
  });
}

/** Resident memory; 0 where the system does not tell. */
function memoryOf(child: ChildProcess): number {
  try {
    const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1];
    return Number(kib ?? 0) / 1024;
  } catch {
    return 0;
  }
}
