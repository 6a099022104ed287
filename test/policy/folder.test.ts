import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, cpSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import type { AnalyzerInfo } from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { parse } from "yaml";
import { SETTINGS } from "../../policy/settings";
import { temporaryFolder } from "../support/folder";

const root = process.cwd();
const folder = join(root, "policy");
const runner = join(root, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");

/** Starts the pack with the address of an engine, which it does not call by itself. */
async function startPack(args: string[], cwd: string) {
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
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
    // As a host that runs packs does: in the folder, which stands for the program, too.
    await using pack = await startPack([runner, "127.0.0.1:1", "."], folder);

    const info = await pack.info();

    expect(parse(readFileSync(join(folder, "PulumiPolicy.yaml"), "utf8"))).toMatchObject({ runtime: "nodejs" });
    expect(info.getName()).toBe("yandex-ai-access");
    expect([...new Set(info.getPoliciesList().map((each) => each.getName()))]).toEqual(Object.keys(SETTINGS));
  });

  it("is one that the engine starts without a check of types, for which a new machine would wait", async () => {
    using copy = temporaryFolder();
    const pack = join(copy.path, "policy");
    cpSync(folder, pack, { recursive: true });
    for (const name of ["node_modules", "package.json", "tsconfig.json", "components"])
      symlinkSync(join(root, name), join(copy.path, name));
    appendFileSync(join(pack, "clock.ts"), "export const wrong: string = 1;\n");

    await using started = await startPack([join(pack, "pulumi-analyzer-yandex-ai-access"), "127.0.0.1:1"], copy.path);

    expect((await started.info()).getName()).toBe("yandex-ai-access");
  });
});
