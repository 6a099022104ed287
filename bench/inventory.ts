import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startEmulator } from "../emulator/emulator";
import { startCloud } from "./cloud";
import { median } from "./statistics";

const FOLDERS = 5;
const ACCOUNTS = 200;
const ROUNDS = 3;

const root = join(__dirname, "../..");
const command = join(root, "commands/bin/inventory.js");

export interface InventoryTime {
  keys: number;
  accounts: number;
  folders: number;
  /** By the clock, from the start of the process to its end. */
  seconds: number;
}

/** How long `npm run inventory` takes to list a cloud of so many keys, with the emulator in a process of its own. */
export async function measureInventory(keys: number, say: (text: string) => void): Promise<InventoryTime> {
  say(`an inventory of ${keys} keys`);
  const folder = mkdtempSync(join(tmpdir(), "bench-inventory-"));
  try {
    const cloudId = await fill(join(folder, "state.json"), keys);
    await using cloud = await startCloud(folder);
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      YC_ENDPOINT: cloud.endpoint,
      YC_PLAINTEXT: "true",
      YC_TOKEN: cloud.token,
    };
    const args = ["--cloud", cloudId, "--format", "json", "--fail-on", "never"];
    const script = `require(${JSON.stringify(command)}).main(${JSON.stringify(args)}).then((code) => (process.exitCode = code))`;
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const began = performance.now();
      const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], {
        cwd: root,
        env,
        maxBuffer: 1e9,
      });
      times.push((performance.now() - began) / 1000);
      const seen = (JSON.parse(stdout) as { keys: unknown[] }).keys.length;
      if (seen !== keys) throw new Error(`The inventory has ${seen} keys of ${keys}.`);
    }
    return { keys, accounts: FOLDERS * ACCOUNTS, folders: FOLDERS, seconds: median(times) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fill(stateFile: string, keys: number): Promise<string> {
  let cloudId = "";
  await using _cloud = await startEmulator({
    stateFile,
    seed(cloud) {
      cloudId = cloud.cloudId;
      const folders = Array.from({ length: FOLDERS }, () => cloud.addFolder());
      const accounts = folders.flatMap((folderId, at) =>
        Array.from({ length: ACCOUNTS }, (_, n) => cloud.addAccount({ name: `app-${at}-${n}`, folderId })),
      );
      for (let n = 0; n < keys; n += 1) cloud.addApiKey(accounts[n % accounts.length] ?? "");
    },
  });
  return cloudId;
}
