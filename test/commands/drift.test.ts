import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Connection } from "../../commands/stack/connection";
import { startClone } from "./clone";

/** What somebody does in the console, past the program. */
function byHand(folder: string) {
  const file = join(folder, ".work", "emulator", "connection.json");
  const { url, token, folderId } = JSON.parse(readFileSync(file, "utf8")) as Connection;
  const call = async (method: string, path: string, body?: object): Promise<any> => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const response = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const account = async () => (await call("GET", `/iam/v1/serviceAccounts?folderId=${folderId}`)).serviceAccounts[0].id;
  const key = async () => (await call("GET", `/iam/v1/apiKeys?serviceAccountId=${await account()}`)).apiKeys[0].id;
  return {
    describeKey: async (description: string) =>
      call("PATCH", `/iam/v1/apiKeys/${await key()}`, { updateMask: "description", description }),
    addKey: async () => call("POST", "/iam/v1/apiKeys", { serviceAccountId: await account() }),
    addRole: async (roleId: string) => {
      const accessBinding = { roleId, subject: { id: await account(), type: "serviceAccount" } };
      const deltas = { accessBindingDeltas: [{ action: "ADD", accessBinding }] };
      return call("POST", `/resource-manager/v1/folders/${folderId}:updateAccessBindings`, deltas);
    },
    removeKey: async (id?: string) => call("DELETE", `/iam/v1/apiKeys/${id ?? (await key())}`),
    removeAccount: async () => call("DELETE", `/iam/v1/serviceAccounts/${await account()}`),
    removeRole: async (roleId: string) => {
      const accessBinding = { roleId, subject: { id: await account(), type: "serviceAccount" } };
      const deltas = { accessBindingDeltas: [{ action: "REMOVE", accessBinding }] };
      return call("POST", `/resource-manager/v1/folders/${folderId}:updateAccessBindings`, deltas);
    },
  };
}

describe("npm run drift", () => {
  // Each but the last leaves cloud and settings as it found them, so one stack serves all.
  let clone: ReturnType<typeof startClone>;
  let cloud: ReturnType<typeof byHand>;
  beforeAll(async () => {
    clone = startClone();
    await clone.run("start");
    cloud = byHand(clone.folder);
  });
  afterAll(() => clone[Symbol.asyncDispose]());

  it("does not call it drift that the program has changed", async () => {
    const settings = join(clone.folder, "stacks", "Pulumi.local.yaml");
    const before = readFileSync(settings, "utf8");
    await clone.run("pulumi", ["config", "set", "--path", "apps.shop.capabilities[1]", "translation"]);

    const { code, output } = await clone.run("drift");
    writeFileSync(settings, before);

    expect(output).toContain(
      "Nothing changed outside of the program, but the program itself changed and was not applied.",
    );
    expect(output).not.toContain("outside of the program:");
    expect(code).toBe(7);
  });

  it("finds roles and keys that somebody gave to the stack's own account", async () => {
    await cloud.addRole("admin");
    const { apiKey } = await cloud.addKey();

    const { code, output } = await clone.run("drift");
    await cloud.removeRole("admin");
    await cloud.removeKey(apiKey.id);

    expect(output).toMatch(/^ {2}beside the program: role admin of shop \(shop-\S+\) on folder b1gf\w+$/m);
    expect(output).toMatch(new RegExp(`^ {2}beside the program: API key ${apiKey.id} of shop`, "m"));
    expect(output.match(/beside the program/g)).toHaveLength(2);
    expect(code).toBe(7);
  });

  it("finds what was done by hand, until an update has put it right", async () => {
    await cloud.describeKey("mine");
    await cloud.removeRole("ai.imageGeneration.user");

    const found = await clone.run("drift", ["--stack", "local"]);
    await clone.run("pulumi", ["up", "--refresh", "--yes", "--skip-preview"]);

    expect(found.output).toContain(": Drift: 2 things changed outside of the program. An update would then do this:\n");
    expect(found.output).toMatch(/^ {2}removed outside of the program: role ai\.imageGeneration\.user of shop$/m);
    expect(found.output).toMatch(/^ {2}changed outside of the program: key shop \(description\)$/m);
    expect(found.output).toMatch(/^Application shop\n {2}gains imageGeneration$/m);
    expect(found.output).not.toContain("mine");
    expect(found.code).toBe(7);
    expect(await clone.run("drift")).toEqual({
      code: 0,
      output:
        "Access review of yandex-ai-access / local: No drift: everything that the stack manages is as the program says.\n" +
        "The accounts of this stack have no other roles on their folders and no other API keys.\n",
    });
  });

  it("finds a key and an account that somebody deleted", async () => {
    await cloud.removeKey();
    const withoutKey = await clone.run("drift");
    expect(withoutKey.output).toMatch(/^ {2}removed outside of the program: key shop$/m);
    expect(withoutKey.output).not.toMatch(/program: (?:role|service account)/);
    expect(withoutKey.code).toBe(7);

    await cloud.removeAccount();
    const withoutAccount = await clone.run("drift");
    expect(withoutAccount.output).toMatch(/^ {2}removed outside of the program: service account shop$/m);
    expect(withoutAccount.output).toMatch(/: Drift: 4 things changed outside/);
    expect(withoutAccount.code).toBe(7);
  });
});

describe("npm run drift without a stack", () => {
  it("fails when the deployer cannot ask the cloud", async () => {
    await using clone = startClone();

    const { code, output } = await clone.run("drift");

    expect(output).toBe("There is no stack local: make it with `npm start`.\n");
    expect(code).toBe(1);
  });
});
