import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parseEnv } from "node:util";
import { parse, stringify } from "yaml";
import type { Emulator } from "../../emulator/emulator";
import { startCloud } from "../support/cloud";
import { leaksOf } from "../support/leakScan";
import { entriesOf } from "../support/lockbox";
import { blocksOf, startReader } from "./document";

const root = join(__dirname, "../..");
const blocks = blocksOf("delivery.md");
const [, settings = ""] = /```yaml\n([\s\S]+?)```/.exec(readFileSync(join(root, "docs/delivery.md"), "utf8")) ?? [];

/**
 * Stands in for `yc`, `gh` and `glab`, which cannot be had here: reads of Lockbox go to the local cloud, everything else
 * is written down, arguments and input.
 */
const STAND_IN = `
const { appendFileSync } = require("node:fs");
const { basename } = require("node:path");
const [, path, ...args] = process.argv;
const option = (name) => args[args.indexOf(name) + 1];
const get = async (rest) =>
  (await fetch(process.env.CLOUD + "/lockbox/v1/secrets/" + option("--id") + rest, { headers: { authorization: "Bearer " + process.env.READER_TOKEN } })).json();
(async () => {
  const [service, what, verb] = args;
  if (service === "lockbox" && what === "payload" && verb === "get") {
    const { entries } = await get("/payload");
    process.stdout.write(entries.find(({ key }) => key === option("--key")).textValue);
  } else if (service === "lockbox" && what === "secret" && verb === "get" && option("--format") === "json") {
    const { id, currentVersion } = await get("");
    console.log(JSON.stringify({ id, current_version: { id: currentVersion.id } }));
  } else {
    const input = basename(path) === "yc" ? "" : (await process.stdin.toArray()).join("");
    appendFileSync(process.env.NOTES, JSON.stringify({ program: basename(path), args, input }) + "\\n");
  }
})();
`;

/** A clone whose application has delivered its key, as the page says; it is removed with the other parts. */
async function deliver(cloud: Emulator, parts: AsyncDisposableStack) {
  const readerId = cloud.addAccount({ name: "shop-reader" });
  cloud.linkAccount(readerId);
  const reader = parts.use(startReader(cloud));
  const file = join(reader.folder, "stacks", "Pulumi.dev.yaml");
  const stack = parse(readFileSync(file, "utf8"));
  stack.config["yandex-ai-access:apps"] = parse(settings.replace(/aje0+/, readerId));
  writeFileSync(file, stringify(stack));
  const reviewed = await reader.sh(
    "npm run pulumi -- stack init dev\nnpm run --silent review -- --stack dev --format text",
  );
  const delivered = await reader.sh(blocks["Deliver the key"]!);
  const variables = parseEnv(readFileSync(join(reader.folder, ".env"), "utf8"));
  const secretId = String(variables["LOCKBOX_SECRET_ID"]);
  const key = (await entriesOf(cloud, secretId))["api_key"]!;
  return { reader, readerId, reviewed, delivered, variables, secretId, key };
}

const loopback = (cloud: Emulator) => ({
  YC_METADATA_ADDR: new URL(cloud.url).host,
  LOCKBOX_URL: cloud.url,
  PORT: "0",
});

jest.setTimeout(300_000);

describe("what docs/delivery.md says", () => {
  // One delivered key serves all; no case changes it.
  const parts = new AsyncDisposableStack();
  let cloud: Emulator;
  let delivery: Awaited<ReturnType<typeof deliver>>;
  beforeAll(async () => {
    cloud = parts.use(await startCloud());
    delivery = await deliver(cloud, parts);
  });
  afterAll(() => parts.disposeAsync());

  it("works for the delivery and the programs that read Lockbox: the key is in no output and no file, and they answer", async () => {
    const { reader, readerId, reviewed, delivered, variables, key } = delivery;
    cpSync(join(root, "examples"), join(reader.folder, "examples"), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(reader.folder, "examples", "node_modules"));

    expect(reviewed.output).toMatch(/key shop-\S+ is created, .+, goes to entry api_key of secret shop\n/);
    expect(reviewed.output).toContain(`lockbox.payloadViewer to serviceAccount:${readerId} on secret shop\n`);
    expect(reviewed.output).toContain("look:  secret unprotected: shop ");
    expect(delivered).toMatchObject({ code: 0 });
    expect(Object.keys(variables).sort()).toEqual([
      "LOCKBOX_SECRET_ID",
      "OPENAI_BASE_URL",
      "OPENAI_PROJECT_ID",
      "YC_FOLDER_ID",
    ]);
    // The page has a block for each of the two programs below one heading.
    const starts = blocks["Read it in the program"]!.split(/(?<=service\.ts\n)/);
    expect(starts).toHaveLength(2);
    for (const start of starts) {
      await using service = reader.start(start, loopback(cloud));
      await service.until(() => service.said().includes("listening on"));
      const [, port] = /listening on (\d+)/.exec(service.said())!;
      const answer = await fetch(`http://127.0.0.1:${port}`, { method: "POST", body: "What do you sell?" });
      expect(await answer.text()).toContain("your key works");
      expect(service.said()).not.toContain(key);
    }
    expect(await leaksOf(key, reader.folder, { printed: delivered.output, cloud: cloud.dump() })).toEqual([]);
  });

  it("works for variables of others: they get the current key or version, and the key is in no command line", async () => {
    const { reader, readerId, secretId, key } = delivery;
    const bin = join(reader.folder, "stand-ins");
    mkdirSync(bin);
    for (const program of ["yc", "gh", "glab"]) {
      writeFileSync(join(bin, program), `#!/usr/bin/env node\n${STAND_IN}`);
      chmodSync(join(bin, program), 0o755);
    }
    const env = {
      PATH: [bin, process.env.PATH].join(delimiter),
      CLOUD: cloud.url,
      READER_TOKEN: cloud.addToken(cloud.deployerId),
      NOTES: join(reader.folder, "notes"),
      SECRET_ID: secretId,
      IMAGE: "cr.yandex/crp/shop:1",
      READER_ID: readerId,
    };

    for (const heading of ["Serverless container or function", "GitHub and GitLab"])
      expect(await reader.sh(blocks[heading]!, env)).toEqual({ code: 0, output: "" });

    const notes = readFileSync(env.NOTES, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { program: string; args: string[]; input: string });
    expect(notes.map(({ program, input }) => [program, input])).toEqual([
      ["yc", ""],
      ["gh", key],
      ["glab", key],
    ]);
    expect(JSON.stringify(notes.map(({ args }) => args))).not.toContain(key);
    const mount = notes[0]!.args.at(-1)!;
    expect(Object.fromEntries(mount.split(",").map((part) => part.split("=")))).toEqual({
      "environment-variable": "OPENAI_API_KEY",
      id: secretId,
      "version-id": expect.stringMatching(/^e6q/),
      key: "api_key",
    });
  });
});
