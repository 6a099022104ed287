import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import type { AnalyzerInfo } from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { parse } from "yaml";
import { SETTINGS } from "../../policy/settings";

const folder = join(process.cwd(), "policy");
const runner = join(process.cwd(), "node_modules/@pulumi/pulumi/cmd/run-policy-pack");

/** Starts the folder as a language host that runs packs does: in the folder, which stands for the program, too. */
async function startFolder() {
  const child = spawn(process.execPath, [runner, "127.0.0.1:1", "."], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let complaint = "";
  child.stderr.on("data", (chunk) => (complaint += chunk));
  const ended = once(child, "exit").then(() => Promise.reject(new Error(complaint)));
  const [port] = (await Promise.race([once(createInterface(child.stdout), "line"), ended])) as [string];
  ended.catch(() => {});
  const client = new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  return {
    info: () =>
      new Promise<AnalyzerInfo>((resolve, reject) =>
        client.getAnalyzerInfo(new Empty(), (error, answer) => (error ? reject(error) : resolve(answer))),
      ),
    async [Symbol.asyncDispose]() {
      client.close();
      child.kill();
      await ended.catch(() => {});
    },
  };
}

describe("the folder of the policy pack", () => {
  it("is one that a language host can run, and has every rule", async () => {
    await using pack = await startFolder();

    const info = await pack.info();

    expect(parse(readFileSync(join(folder, "PulumiPolicy.yaml"), "utf8"))).toMatchObject({ runtime: "nodejs" });
    expect(info.getName()).toBe("yandex-ai-access");
    expect([...new Set(info.getPoliciesList().map((each) => each.getName()))]).toEqual(Object.keys(SETTINGS));
  });
});
