import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connection } from "../conformance/cloud";

const program = join(__dirname, "../../emulator/bin/emulator.js");

/** The local cloud as a process of its own, on the state in the folder. */
async function start(folder: string) {
  const file = join(folder, "connection.json");
  const args = [program, "--admin", "--state", join(folder, "state.json"), "--connection", file];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  child.stdout.on("data", (part) => (printed += part));
  while (!printed.includes("stop with Ctrl+C")) await once(child.stdout, "data");
  const connection = JSON.parse(readFileSync(file, "utf8")) as Connection;
  return {
    ...connection,
    child,
    printed: () => printed,
    async admin(verb: string, ...given: unknown[]) {
      const headers = { "content-type": "application/json" };
      const options = { method: "POST", headers, body: JSON.stringify(given) };
      expect((await fetch(`${connection.url}/_emulator/${verb}`, options)).status).toBe(200);
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null) await ended(child, "SIGKILL");
    },
  };
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exit = once(child, "exit");
  child.kill(signal);
  const [code] = (await exit) as [number | null];
  return code;
}

function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), "process-"));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

describe("the local cloud as a process", () => {
  it("tells where it is, and each call in a line without a secret", async () => {
    using temporary = temporaryFolder();
    await using cloud = await start(temporary.folder);
    const headers = { authorization: `Bearer ${cloud.token}` };
    const account = { folderId: cloud.folderId, name: "shop" };

    const create = { method: "POST", headers, body: JSON.stringify(account) };
    const made = await (await fetch(`${cloud.url}/iam/v1/serviceAccounts`, create)).json();
    const { serviceAccountId } = (made as { metadata: { serviceAccountId: string } }).metadata;
    const key = { method: "POST", headers, body: JSON.stringify({ serviceAccountId }) };
    const { secret } = (await (await fetch(`${cloud.url}/iam/v1/apiKeys`, key)).json()) as { secret: string };
    await fetch(`${cloud.url}/v1/models`, { headers: { authorization: `Bearer ${secret}` } });
    await ended(cloud.child, "SIGTERM");

    const printed = cloud.printed();
    expect(printed).toContain(`${cloud.url}  (plaintext)`);
    expect(printed).toContain(`https://${cloud.tlsEndpoint}  (TLS, trust ${cloud.caFile})`);
    const lines = printed.split("\n").filter((line) => /^\d\d:\d\d:\d\d\.\d{3} /.test(line));
    expect(lines).toEqual([
      expect.stringMatching(/ ServiceAccountService\/Create ajeu\d+ OK [\d.]+ms wrote ajes\d+ .*"name":"shop"/),
      expect.stringMatching(/ ApiKeyService\/Create ajeu\d+ OK [\d.]+ms wrote ajek\d+ /),
      expect.stringMatching(/ GET \/v1\/models ajes\d+ PERMISSION_DENIED [\d.]+ms/),
    ]);
    for (const text of [secret, cloud.token]) expect(printed).not.toContain(text);
  });

  it.each(["SIGTERM", "SIGINT"] as const)("answers what is under way when it is stopped by %s", async (signal) => {
    using temporary = temporaryFolder();
    await using cloud = await start(temporary.folder);
    await cloud.admin("setSwitches", { latencyMs: 500 });
    const headers = { authorization: `Bearer ${cloud.token}` };
    const asking = request(`${cloud.url}/resource-manager/v1/folders/${cloud.folderId}`, { headers }).end();
    const answered = once(asking, "response") as Promise<[{ statusCode: number }]>;
    await once(asking, "finish");
    // Whoever asks later is answered later, so by now the other call has been heard.
    await cloud.admin("clockNow");

    const code = await ended(cloud.child, signal);

    expect((await answered)[0].statusCode).toBe(200);
    expect(code).toBe(0);
    await expect(fetch(cloud.url)).rejects.toThrow("fetch failed");
  });

  it("goes on with its state and its token when it is started again", async () => {
    using temporary = temporaryFolder();
    await using first = await start(temporary.folder);
    await first.admin("addAccount", { name: "shop" });
    await ended(first.child, "SIGTERM");

    await using second = await start(temporary.folder);
    const headers = { authorization: `Bearer ${first.token}` };
    const path = `/iam/v1/serviceAccounts?folderId=${first.folderId}`;
    const answer = await fetch(`${second.url}${path}`, { headers });

    expect(await answer.json()).toMatchObject({ serviceAccounts: [{ name: "shop" }] });
  });
});
