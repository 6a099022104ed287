import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { fetchThroughProxy, type World } from "../../provider/cloud";
import { startTimeLimit } from "../../provider/world";
import type { Environment } from "./environment";

/** The real world for the provider's own code, where a command signs in or asks the cloud. */
export function realWorld(env: Environment): World {
  // The gRPC library reads only the lower-case name, from the process.
  if (env.HTTPS_PROXY) process.env.https_proxy ||= env.HTTPS_PROXY;
  return {
    now: Date.now,
    sleep: (ms, signal) => wait(ms, undefined, { signal }).then(() => {}),
    timeLimit: startTimeLimit,
    random: Math.random,
    randomId: randomUUID,
    env,
    readFile: (path) => readFile(path, "utf8"),
    fetch: fetchThroughProxy(env),
  };
}
