import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { leaksOf } from "../../support/leakScan";
import { startStack } from "../../support/stack";

const scopes = ["yc.ai.languageModels.execute"];

interface Declared {
  name?: string;
  description?: string;
  expiresAt?: string;
  aliases?: pulumi.Alias[];
}

const key =
  (serviceAccountId: string, { name = "key", aliases, ...args }: Declared = {}) =>
  async () => {
    // Any other expiry makes another key here: a rotation by hand.
    const options = { aliases, replaceOnChanges: ["expiresAt"] };
    const made = new yandex.IamServiceAccountApiKey(name, { serviceAccountId, scopes, ...args }, options);
    return { id: made.id, secret: made.secretKey };
  };

const use = async (cloud: Emulator, secret: unknown) => {
  const { status } = await fetch(`${cloud.url}/v1/models`, { headers: { authorization: `Bearer ${String(secret)}` } });
  return status;
};

// Cases 23, 24, 36 and 51: the cloud tells the secret once, so what the state had must be there after whatever is done.
it("keeps the secret of a key, which works and is never shown, through all changes of a stack", async () => {
  await using cloud = await startCloud();
  const account = cloud.addAccount({ name: "app", roles: ["ai.languageModels.user"] });
  await using stack = await startStack(cloud, key(account));
  const secrets = [String((await stack.up()).outputs.secret?.value)];
  const leaks = async () => {
    const texts = { printed: stack.printed(), cloud: cloud.dump() };
    return (await Promise.all(secrets.map((secret) => leaksOf(secret, stack.folder, texts)))).flat();
  };
  const renamed = { name: "renamed", aliases: [{ name: "key" }] };
  const day = { ...renamed, expiresAt: "2099-01-01T00:00:00Z" };
  const steps: [what: string, wanted: Declared, run: () => Promise<unknown>, replaced?: boolean][] = [
    ["a refresh", {}, () => stack.refresh()],
    ["another refresh", {}, () => stack.refresh()],
    ["an update after a refresh", {}, () => stack.up({ refresh: true })],
    ["a change of its description", { description: "new" }, () => stack.up()],
    ["a preview of a rotation", day, () => stack.preview()],
    ["another name", renamed, () => stack.up()],
    ["a rotation", day, () => stack.up(), true],
    ["a refresh after a rotation", day, () => stack.up({ refresh: true })],
  ];

  for (const [what, wanted, run, replaced] of steps) {
    stack.program(key(account, wanted));
    await run();
    const { secret } = await stack.outputs();
    if (replaced) secrets.push(String(secret?.value));
    expect({ what, secret }).toEqual({ what, secret: { value: secrets.at(-1), secret: true } });
    expect({ what, status: await use(cloud, secret?.value) }).toEqual({ what, status: 200 });
    expect({ what, leaks: await leaks() }).toEqual({ what, leaks: [] });
  }

  expect(new Set(secrets).size).toBe(2);
  expect(await use(cloud, secrets[0])).toBe(401);
  await stack.destroy();
  expect(await leaks()).toEqual([]);
}, 240_000);

// Case 49. The SDK of the program shows what it was answered; that is not ours to mend, and the docs say so.
it("writes the secret in no line of the most detailed log that the provider's work leads to, and the token in none", async () => {
  await using cloud = await startCloud();
  await using stack = await startStack(cloud, key(cloud.addAccount({ name: "app" })), { plugin: true });
  let log = "";
  const onOutput = (text: string) => void (log += text);

  const { outputs } = await stack.engine.up({ logVerbosity: 9, logToStdErr: true, onOutput, onError: onOutput });

  const lines = log.split("\n");
  const secret = String(outputs.secret?.value);
  expect(log).toMatch(/Provider\[\w+\]\.Create\(.*IamServiceAccountApiKey::key\) success/);
  expect(lines.filter((line) => line.includes(secret) && !line.includes("RegisterResource RPC finished"))).toEqual([]);
  expect(log).not.toContain(cloud.token);
});
