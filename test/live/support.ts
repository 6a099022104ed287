import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Emulator } from "../../emulator/emulator";
import { openSession, type Session, type SessionOptions } from "../../live/session";
import { readProviderSettings } from "../../provider/settings";
import { startTimeLimit } from "../../provider/world";

/** A folder for journals, removed at the end. */
export function journalFolder(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), "live-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** A run against a local cloud, whose clock goes on while the run waits. */
export function sessionOn(
  cloud: Emulator,
  journals: string,
  options: Partial<Pick<SessionOptions, "around" | "pid" | "isAlive">> = {},
): Session {
  const { settings, failures } = readProviderSettings(
    { endpoint: cloud.endpoint, plaintext: true, aiEndpoint: cloud.url, token: cloud.token },
    {},
  );
  if (failures.length > 0) throw new Error(JSON.stringify(failures));
  return openSession({
    ...{ settings, folderId: cloud.folderId, journals, pid: process.pid, isAlive: () => true, ...options },
    world: {
      now: cloud.clock.now,
      sleep: async (ms) => cloud.clock.advance(ms),
      timeLimit: startTimeLimit,
      random: () => 0.5,
      randomId: randomUUID,
      env: {},
      readFile: () => Promise.reject(new Error("no file")),
      fetch,
    },
    signal: new AbortController().signal,
  });
}
