import { AiStudioAccess, type AiStudioAccessArgs } from "../../components";
import type { Emulator } from "../../emulator/emulator";
import { openApi } from "../support/api";
import type { Json } from "../support/api";
import { startCloud } from "../support/cloud";
import { leaksOf } from "../support/leakScan";
import { startStack } from "../support/stack";

const app =
  (args: Partial<AiStudioAccessArgs> = {}) =>
  async () => {
    const lockbox = { name: "shop", entry: "api_key" };
    const access = new AiStudioAccess("shop", {
      capabilities: ["textGeneration"],
      deliverTo: { lockbox },
      ...args,
    });
    return { id: access.apiKeyId, key: access.apiKey, secretId: access.secretId };
  };

async function ask(cloud: Emulator, method: string, request: object): Promise<Json> {
  using api = openApi(cloud, "grpc");
  return await api.call(method, request);
}

const secretIds = async (cloud: Emulator): Promise<string[]> =>
  (((await ask(cloud, "SecretService/List", { folderId: cloud.folderId })).secrets ?? []) as Json[]).map(({ id }) =>
    String(id),
  );

async function currentKey(cloud: Emulator, secretId: string): Promise<string> {
  const { entries = [] } = await ask(cloud, "PayloadService/Get", { secretId });
  return String((entries as Json[]).find(({ key }) => key === "api_key")?.textValue);
}

const generates = async (cloud: Emulator, key: string): Promise<number> =>
  (
    await fetch(`${cloud.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({
        model: `gpt://${cloud.folderId}/yandexgpt/latest`,
        messages: [{ role: "user", content: "Hello" }],
      }),
    })
  ).status;

const writes = (cloud: Emulator, service: string) => cloud.writes(service).map((write) => write.split(" ")[0]);

describe("an application whose key is delivered to Lockbox", () => {
  it("finds there a key that works and exists in no other place, and the readers alone may read it", async () => {
    await using cloud = await startCloud();
    const reader = cloud.addAccount({ name: "reader" });
    const lockbox = { name: "shop", entry: "api_key", readers: [`serviceAccount:${reader}`] };
    await using stack = await startStack(cloud, app({ deliverTo: { lockbox } }));

    const { outputs } = await stack.up();

    const secretId = String(outputs.secretId?.value);
    const key = await currentKey(cloud, secretId);
    expect(await generates(cloud, key)).toBe(200);
    expect(outputs.key).toEqual({ value: "", secret: true });
    const grants = cloud.snapshot().grants.filter(({ roleId }) => roleId === "lockbox.payloadViewer");
    expect(grants).toMatchObject([{ resourceId: secretId, subjectId: reader }]);
    expect((await stack.preview()).steps).toEqual({});
    expect((await stack.refresh()).steps).toEqual({});
    expect(await leaksOf(key, stack.folder, { printed: stack.printed(), cloud: cloud.dump() })).toEqual([]);
  });

  it("keeps its secret from deletion where the program says so, until the program says otherwise", async () => {
    await using cloud = await startCloud();
    const lockbox = (deletionProtection: boolean) => ({ name: "shop", entry: "api_key", deletionProtection });
    await using stack = await startStack(cloud, app({ deliverTo: { lockbox: lockbox(true) } }));
    const { outputs } = await stack.up();
    const key = await currentKey(cloud, String(outputs.secretId?.value));

    expect((await stack.tryDestroy()).error).toMatch(/protect/i);
    expect(await secretIds(cloud)).toEqual([outputs.secretId?.value]);
    stack.program(app({ deliverTo: { lockbox: lockbox(false) } }));
    const again = await stack.up();
    expect((await stack.preview()).steps).toEqual({});
    await stack.destroy();

    expect(again.outputs.secretId).toEqual(outputs.secretId);
    expect(await generates(cloud, key)).toBe(401);
    expect(await secretIds(cloud)).toEqual([]);
  });

  it("adopts a secret that exists and keeps its other entries", async () => {
    await using cloud = await startCloud();
    await ask(cloud, "SecretService/Create", {
      folderId: cloud.folderId,
      name: "theirs",
      versionPayloadEntries: [{ key: "theirs", textValue: "their-own-value" }],
    });
    const [secretId = ""] = await secretIds(cloud);
    await using stack = await startStack(cloud, app({ deliverTo: { lockbox: { secretId, entry: "api_key" } } }));

    await stack.up();

    const { entries = [] } = await ask(cloud, "PayloadService/Get", { secretId });
    expect((entries as Json[]).map(({ key }) => key).sort()).toEqual(["api_key", "theirs"]);
    await stack.destroy();
    expect(await secretIds(cloud)).toEqual([secretId]);
  });

  it("finds the key of before until the services accept the next one, and no key where none is accepted", async () => {
    await using cloud = await startCloud();
    const rotation = { everyDays: 30, overlapDays: 7, anchor: new Date(cloud.clock.now()).toISOString().slice(0, 10) };
    await using stack = await startStack(cloud, app({ rotation }));
    const secretId = String((await stack.up()).outputs.secretId?.value);
    const first = await currentKey(cloud, secretId);

    stack.program(app({ rotation: { ...rotation, trigger: "a laptop was stolen" } }));
    cloud.fault({ method: "SecretService/AddVersion", code: "PERMISSION_DENIED" });
    const { error } = await stack.tryUp();
    expect(error).toContain("readers still find the key of before");
    expect(await currentKey(cloud, secretId)).toBe(first);
    expect(await generates(cloud, first)).toBe(200);
    expect(cloud.snapshot().apiKeys).toHaveLength(1);

    await stack.up();
    const second = await currentKey(cloud, secretId);
    expect(second).not.toBe(first);
    expect(await Promise.all([first, second].map((key) => generates(cloud, key)))).toEqual([200, 200]);
    for (const key of [first, second])
      expect(await leaksOf(key, stack.folder, { printed: stack.printed(), cloud: cloud.dump() })).toEqual([]);
  });

  it("keeps the key that a run delivered whose answer was lost, and makes no second one", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, app());
    cloud.fault({ method: "SecretService/AddVersion", code: "DATA_LOSS", when: "after" });

    await stack.tryUp();
    const { outputs } = await stack.up();

    const key = await currentKey(cloud, String(outputs.secretId?.value));
    expect(await generates(cloud, key)).toBe(200);
    expect(cloud.snapshot().apiKeys.map(({ id }) => id)).toEqual([outputs.id?.value]);
    expect(writes(cloud, "SecretService").filter((write) => write === "addVersion")).toHaveLength(1);
  });

  it("finds a new key after a replacement that somebody asks for", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, app());
    const secretId = String((await stack.up()).outputs.secretId?.value);
    const first = await currentKey(cloud, secretId);
    const key = Object.values(await stack.resources()).find(({ type }) => type.endsWith(":IamServiceAccountApiKey"));

    const { steps } = await stack.up({ replace: [key?.urn ?? ""] });

    const second = await currentKey(cloud, secretId);
    expect(steps).toEqual({ shop: "replace" });
    expect([await generates(cloud, first), await generates(cloud, second)]).toEqual([401, 200]);
    expect(cloud.snapshot().apiKeys).toHaveLength(1);
    expect((await stack.preview()).steps).toEqual({});
  });
});
