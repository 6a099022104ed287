import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../../emulator/emulator";
import { openApi, responseOf } from "../../support/api";
import { startCloud } from "../../support/cloud";
import { leaksOf } from "../../support/leakScan";
import { startStack } from "../../support/stack";

const TEXT = "yc.ai.languageModels.execute";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The engine marks with this key what it encrypts. */
const sealed = { "4dabf18193072939515e22adb298388d": expect.any(String) };

/** A secret of Lockbox, which holds nothing of ours yet. */
async function addLockbox(cloud: Emulator): Promise<string> {
  using api = openApi(cloud, "grpc");
  const request = { folderId: cloud.folderId, name: "keys", versionPayloadEntries: [{ key: "k", textValue: "v" }] };
  return responseOf(await api.call("SecretService/Create", request)).id as string;
}

const hidden = { label: "hidden-label", entry: "hidden-entry", scope: "yc.ai.imageGeneration.execute" };

describe("a secret within a label, a list or an object", () => {
  type Wrap = (value: string) => pulumi.Input<string>;

  const access =
    (secretId: string, description: string, wrap: Wrap = pulumi.secret<string>) =>
    async () => {
      const labels = { team: wrap(hidden.label), env: "dev" };
      const account = new yandex.IamServiceAccount("app", { name: "shop-dev", description, labels });
      new yandex.IamServiceAccountApiKey("key", {
        serviceAccountId: account.id,
        description,
        scopes: [TEXT, wrap(hidden.scope)],
        outputToLockbox: { secretId, entryForSecretKey: wrap(hidden.entry) },
      });
    };
  const state = {
    app: { labels: { team: sealed, env: "dev" } },
    key: { scopes: sealed, outputToLockbox: { entryForSecretKey: sealed } },
  };

  // Cases 24 and 46.
  it("is one in what is shown and stored, made, refreshed and changed", async () => {
    await using cloud = await startCloud();
    const secretId = await addLockbox(cloud);
    await using stack = await startStack(cloud, access(secretId, "first"));
    const expectSealed = async (shown = "") => {
      const texts = { shown, printed: stack.printed() };
      const leaks = Object.values(hidden).map((text) => leaksOf(text, stack.folder, texts));
      expect((await Promise.all(leaks)).flat()).toEqual([]);
    };
    const expectState = async () => {
      const { app, key } = await stack.resources();
      expect(app).toMatchObject({ inputs: state.app, outputs: { ...state.app, createdAt: expect.any(String) } });
      expect(key).toMatchObject({ outputs: { ...state.key, outputToLockbox: { secretId } } });
    };

    await expectSealed((await stack.engine.preview({ diff: true })).stdout);
    await stack.up();
    await expectState();
    await stack.refresh();
    await expectState();
    stack.program(access(secretId, "second"));
    await expectSealed((await stack.engine.preview({ diff: true })).stdout);
    expect((await stack.up()).steps).toEqual({ app: "update", key: "update" });
    await expectState();
    expect((await stack.preview({ refresh: true })).steps).toEqual({});
    await expectState();
    await expectSealed();

    expect(cloud.snapshot()).toMatchObject({
      accounts: [{ labels: { team: hidden.label, env: "dev" } }],
      apiKeys: [{ scopes: [hidden.scope, TEXT] }],
    });
  });

  it("may have stood there in clear before, and then nothing but the state changes", async () => {
    await using cloud = await startCloud();
    const secretId = await addLockbox(cloud);
    const open = access(secretId, "first", (value) => value);
    await using stack = await startStack(cloud, open);
    await stack.up();
    const made = cloud.calls.filter(({ wrote }) => wrote).length;

    stack.program(access(secretId, "first"));
    expect((await stack.up()).steps).toEqual({ app: "update", key: "update" });
    const { app, key } = await stack.resources();
    expect([app?.outputs, key?.outputs]).toMatchObject([state.app, state.key]);
    expect((await stack.preview()).steps).toEqual({});
    stack.program(open);
    expect(Object.values((await stack.up()).steps)).not.toContain("replace");
    expect((await stack.preview()).steps).toEqual({});

    expect(cloud.calls.filter(({ wrote }) => wrote)).toHaveLength(made);
  });
});

// Cases 47 and 48.
it("accepts unknown values at any place, secret ones too; no call ever carries a placeholder", async () => {
  await using cloud = await startCloud();
  const secretId = await addLockbox(cloud);
  const folderId = cloud.addFolder();
  const program = (folder: string) => async () => {
    const owner = new yandex.IamServiceAccount("owner", { folderId: folder });
    const labels = { owner: pulumi.secret(owner.id), env: "dev" };
    new yandex.IamServiceAccount("app", { name: "shop-dev", labels });
    new yandex.IamServiceAccountApiKey("key", {
      serviceAccountId: owner.id,
      scopes: [owner.id.apply(() => TEXT)],
      outputToLockbox: { secretId: owner.id.apply(() => secretId), entryForSecretKey: pulumi.secret(owner.id) },
    });
  };
  await using stack = await startStack(cloud, program(cloud.folderId));
  const ownerOf = async () => (await stack.resources()).owner?.id;

  const created = { owner: "create", app: "create", key: "create" };
  expect((await stack.preview()).steps).toEqual(created);
  expect((await stack.up()).steps).toEqual(created);
  const first = await ownerOf();
  expect((await stack.preview()).steps).toEqual({});
  // The first account goes, so what hangs on its ID is unknown once more, where the state has a value already.
  stack.program(program(folderId));
  const moved = { owner: "replace", app: "update", key: "replace" };
  expect((await stack.preview()).steps).toEqual(moved);
  expect((await stack.up()).steps).toEqual(moved);
  expect((await stack.preview()).steps).toEqual({});

  const second = await ownerOf();
  expect(second).not.toBe(first);
  const { accounts, apiKeys } = cloud.snapshot();
  expect(accounts.find(({ name }) => name === "shop-dev")?.labels).toMatchObject({ owner: second, env: "dev" });
  expect(apiKeys).toMatchObject([{ serviceAccountId: second, scopes: [TEXT] }]);
  expect((await stack.resources()).app?.outputs).toMatchObject({ labels: { owner: sealed, env: "dev" } });
  expect(JSON.stringify(cloud.calls) + cloud.dump()).not.toContain(UNKNOWN);
});
