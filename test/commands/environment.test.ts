import { createServer } from "node:http";
import { findObstacle, localEnvironment, realEnvironment } from "../../commands/stack/environment";
import type { Connection } from "../../commands/stack/connection";
import { environmentOf } from "../../commands/pulumi";
import type { Workspace } from "../../commands/stack/workspace";
import { listen } from "../support/listen";

const workspace = {
  state: "/clone/.work/state",
  home: "/clone/.work/pulumi-home",
  passphrase: "/clone/.work/passphrase",
};
const connection = {
  endpoint: "127.0.0.1:1",
  aiEndpoint: "http://127.0.0.1:1",
  token: "t1.local",
  cloudId: "c",
  folderId: "f",
};

describe("the environment of stack local", () => {
  const local = (inherited: Record<string, string>) =>
    localEnvironment(inherited, workspace as Workspace, connection as Connection);

  it("points the provider to the emulator and the engine to the clone's own state", () => {
    expect(local({ PATH: "/bin" })).toMatchObject({
      PATH: "/bin",
      PULUMI_BACKEND_URL: "file:///clone/.work/state?metadata=skip",
      PULUMI_CONFIG_PASSPHRASE_FILE: "/clone/.work/passphrase",
      YC_ENDPOINT: "127.0.0.1:1",
      YC_TOKEN: "t1.local",
      YC_FOLDER_ID: "f",
      YC_PLAINTEXT: "true",
    });
  });

  it("keeps what the user has set for node, with the last word", () => {
    expect(local({ NODE_OPTIONS: "--use-openssl-ca" })).toMatchObject({
      NODE_OPTIONS: "--stack-trace-limit=4 --use-openssl-ca",
    });
  });

  it("holds nothing that the user has set for a real account", () => {
    const env = local({
      YC_IAM_TOKEN: "t1.real",
      YC_SERVICE_ACCOUNT_KEY_FILE: "key.json",
      PULUMI_CONFIG_PASSPHRASE: "real",
      PULUMI_BACKEND_URL: "s3://real",
    });

    expect(Object.values(env).filter((value) => value?.includes("real") || value === "key.json")).toEqual([]);
  });
});

describe("the environment of a stack for a real account", () => {
  it("is what the user has set, with the clone's own state as a default", () => {
    expect(
      realEnvironment({ PULUMI_HOME: "/home/x/.pulumi", YC_TOKEN: "t1.real" }, workspace as Workspace),
    ).toMatchObject({
      PULUMI_HOME: "/home/x/.pulumi",
      PULUMI_BACKEND_URL: "file:///clone/.work/state?metadata=skip",
      YC_TOKEN: "t1.real",
    });
  });

  it("keeps what the user has set for node, with the last word", () => {
    expect(realEnvironment({ NODE_OPTIONS: "--use-openssl-ca" }, workspace as Workspace)).toMatchObject({
      NODE_OPTIONS: "--stack-trace-limit=4 --use-openssl-ca",
    });
  });

  const complete = { YC_FOLDER_ID: "b1g", YC_TOKEN: "t1.x", PULUMI_CONFIG_PASSPHRASE: "secret" };
  const without = (name: keyof typeof complete) => ({ ...complete, [name]: undefined });

  it.each([
    ["no settings", undefined, complete, /^stacks\/Pulumi\.dev\.yaml does not exist: .*\.$/],
    ["no folder", "config: {}", without("YC_FOLDER_ID"), /^No folder is named for stack dev: .*YC_FOLDER_ID\.$/],
    ["an empty folder", 'config:\n  yandex:folderId: ""', without("YC_FOLDER_ID"), /^No folder is named for stack dev/],
    ["no credentials", "config: {}", without("YC_TOKEN"), /^No credentials for Yandex Cloud: .*\.$/],
    ["no passphrase", "config: {}", without("PULUMI_CONFIG_PASSPHRASE"), /^No passphrase for stack dev: .*\.$/],
    [
      "an empty passphrase",
      "config: {}",
      { ...complete, PULUMI_CONFIG_PASSPHRASE: " " },
      /^PULUMI_CONFIG_PASSPHRASE is empty/,
    ],
    [
      "the folder of the example",
      "config:\n  yandex:folderId: b1g00000000000000000",
      complete,
      /^stacks\/Pulumi\.dev\.yaml still has the folder of the example: .*\.$/,
    ],
  ])("is refused with one sentence for %s", async (_what, settings, env, sentence) => {
    const obstacle = await findObstacle("dev", settings, { YC_METADATA_ADDR: "127.0.0.1:1", ...env });

    expect(obstacle).toMatch(sentence);
    expect(obstacle).not.toContain("\n");
  });

  it.each([
    ["everything in the environment", "config: {}", complete],
    ["the folder in the settings", "config:\n  yandex:folderId: b1g", without("YC_FOLDER_ID")],
    ["a key in the settings", "config:\n  yandex:token:\n    secure: v1:x", without("YC_TOKEN")],
    ["a key file", "config: {}", { ...without("YC_TOKEN"), YC_SERVICE_ACCOUNT_KEY_FILE: "key.json" }],
    [
      "a workload identity",
      "config: {}",
      {
        ...without("YC_TOKEN"),
        YC_WORKLOAD_IDENTITY_SERVICE_ACCOUNT_ID: "aje",
        YC_WORKLOAD_IDENTITY_TOKEN_FILE: "token",
      },
    ],
    ["another secrets provider", "secretsprovider: hashivault://x", without("PULUMI_CONFIG_PASSPHRASE")],
    ["a service that keeps state", "", { ...without("PULUMI_CONFIG_PASSPHRASE"), PULUMI_BACKEND_URL: "https://x" }],
  ])("is accepted with %s", async (_what, settings, env) => {
    expect(await findObstacle("dev", settings, env)).toBeUndefined();
  });

  it("is accepted on a virtual machine, whose metadata gives a token, without any variable", async () => {
    await using metadata = await startMetadata();

    const env = { ...without("YC_TOKEN"), YC_METADATA_ADDR: metadata.address };

    expect(await findObstacle("dev", "config: {}", env)).toBeUndefined();
  });

  it("names the stacks that have settings, and the one that was meant", async () => {
    const missing = (stack: string) => findObstacle(stack, undefined, complete, ["dev", "prod"]);

    expect(await missing("prd")).toMatch(/^stacks\/Pulumi\.prd\.yaml does not exist; did you mean stack prod\? Or to /);
    expect(await missing("pord")).toMatch(/The stacks that have settings are dev, prod\.$/);
    expect(await missing("staging")).toMatch(/The stacks that have settings are dev, prod\.$/);
  });
});

describe("the state after each step", () => {
  it("is not made for a preview, which keeps none, and always for what changes something", () => {
    const checkpoints = (...args: string[]) => environmentOf(args, {}).PULUMI_SKIP_CHECKPOINTS ?? "kept";

    expect(checkpoints("preview", "--stack", "dev")).toBe("true");
    for (const args of [["up"], ["destroy", "--stack", "preview"], ["--stack", "preview", "up"], ["refresh"]]) {
      expect(checkpoints(...args)).toBe("kept");
    }
  });
});

/** The metadata service of a virtual machine that has a service account. */
async function startMetadata() {
  const server = createServer((_, response) => {
    response.end(JSON.stringify({ access_token: "t1.of.machine", expires_in: 3600, token_type: "Bearer" }));
  });
  const listening = await listen(server);
  return { ...listening, address: new URL(listening.url).host };
}
