import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { leaksOf } from "../../support/leakScan";
import { type CloudAddress, startStack } from "../../support/stack";

/** The engine marks with this key what it encrypts. */
const sealed = { "4dabf18193072939515e22adb298388d": expect.any(String) };

type Settings = Record<string, pulumi.Input<string | boolean | number | undefined>>;

/** A provider as a language declares it whose SDK neither seals a setting nor writes it as a string. */
class PlainProvider extends pulumi.ProviderResource {
  constructor(settings: Settings) {
    super("yandex", "deployer", settings);
  }
}

/** An account, its role and its key; the folder is the one that the provider's settings name. */
const access = (settings: Settings, name: string | undefined = "shop-dev") => {
  return async () => {
    const options = { provider: new PlainProvider(settings) };
    const account = new yandex.IamServiceAccount("app", { name }, options);
    const member = pulumi.interpolate`serviceAccount:${account.id}`;
    const grant = { role: "ai.languageModels.user", member, folderId: undefined as unknown as string };
    new yandex.ResourcemanagerFolderIamMember("grant", grant, options);
    const scopes = ["yc.ai.languageModels.execute"];
    new yandex.IamServiceAccountApiKey("key", { serviceAccountId: account.id, scopes }, options);
    return { folderId: account.folderId };
  };
};

/** All settings are in the program, none in the environment; each provider is a process of its own. */
const start = (cloud: CloudAddress, program: pulumi.automation.PulumiFn, env: Record<string, string> = {}) => {
  const nothing = { YC_ENDPOINT: undefined, YC_PLAINTEXT: undefined, YC_TOKEN: undefined };
  return startStack(cloud, program, { plugin: true, env: { ...nothing, ...env }, config: { "yandex:folderId": "" } });
};

const settingsOf = ({ endpoint, token, folderId }: Emulator): Settings => ({
  endpoint,
  token,
  folderId,
  plaintext: true,
});

describe("settings of a provider that the program makes", () => {
  // Case 42.
  it("seal the token wherever it may stand, the old one and the new one", async () => {
    await using cloud = await startCloud();
    const tokens = [cloud.token, cloud.addToken(cloud.deployerId)];
    const [before, after] = tokens.map((token) => access({ ...settingsOf(cloud), token }));
    await using stack = await start(cloud, before!);
    const plan = join(stack.folder, "plan.json");
    const leaks = async (texts: Record<string, string> = {}) => {
      const all = { ...texts, printed: stack.printed() };
      return (await Promise.all(tokens.map((token) => leaksOf(token, stack.folder, all)))).flat();
    };

    await stack.preview();
    await stack.up();
    expect(await leaks()).toEqual([]);
    const { deployer } = await stack.resources();
    expect(deployer).toMatchObject({ inputs: { token: sealed }, outputs: { token: sealed } });
    stack.program(after!);
    const shown = await stack.engine.preview({ diff: true, plan });
    expect(shown.stdout).toContain("token: [secret]");
    expect(await leaks({ shown: shown.stdout + shown.stderr })).toEqual([]);
    await stack.up();
    await stack.refresh();
    expect(await leaks()).toEqual([]);
    await stack.destroy();
    expect(await leaks()).toEqual([]);
  });

  // Case 42.
  it("do not take up what the environment says, and that enters no state", async () => {
    await using cloud = await startCloud();
    const { folderId } = cloud;
    const env = { YC_ENDPOINT: cloud.endpoint, YC_PLAINTEXT: "true", YC_TOKEN: cloud.token };
    await using stack = await start(cloud, access({ folderId }), env);

    await stack.preview();
    await stack.up();

    const { deployer } = await stack.resources();
    expect(deployer?.inputs).toEqual({ folderId });
    expect(deployer?.outputs).toEqual({ folderId });
    expect(await leaksOf(cloud.token, stack.folder, { printed: stack.printed() })).toEqual([]);
  });

  // Cases 43 and 61.
  it("may change how to reach the cloud, and no resource is touched", async () => {
    await using cloud = await startCloud();
    const first = settingsOf(cloud);
    await using stack = await start(cloud, access(first));
    await stack.up();
    const made = cloud.snapshot();
    const writes = cloud.calls.filter(({ wrote }) => wrote).length;

    const changes: Settings = {
      token: cloud.addToken(cloud.deployerId),
      endpoint: cloud.endpoint.replace("127.0.0.1", "localhost"),
      maxRetries: 7,
    };
    for (const [name, value] of Object.entries(changes)) {
      stack.program(access({ ...first, [name]: value }));
      // The one update is that of the provider itself.
      expect((await stack.engine.preview()).changeSummary).toEqual({ same: 4, update: 1 });
      expect((await stack.up()).steps).toEqual({});
    }

    expect(cloud.snapshot()).toEqual(made);
    expect(cloud.calls.filter(({ wrote }) => wrote)).toHaveLength(writes);
  });

  // Case 61.
  it("replace what was created in the first folder when they name another, which the preview shows", async () => {
    await using cloud = await startCloud();
    const folderId = cloud.addFolder();
    const before = cloud.snapshot();
    await using stack = await start(cloud, access(settingsOf(cloud)));
    expect((await stack.up()).outputs.folderId?.value).toBe(cloud.folderId);

    stack.program(access({ ...settingsOf(cloud), folderId }));
    const steps = { app: "replace", grant: "replace", key: "replace" };
    expect(await stack.preview()).toMatchObject({ steps, diffs: { app: ["folderId"] } });
    const { outputs, ...done } = await stack.up();

    expect(done.steps).toEqual(steps);
    expect(outputs.folderId?.value).toBe(folderId);
    const { accounts, apiKeys, grants } = cloud.snapshot();
    expect(accounts).toMatchObject([{ name: "shop-dev", folderId }]);
    expect(apiKeys).toMatchObject([{ serviceAccountId: accounts[0]?.id }]);
    expect(grants.filter(({ subjectId }) => subjectId === accounts[0]?.id)).toMatchObject([{ resourceId: folderId }]);
    expect((await stack.preview()).steps).toEqual({});
    await stack.destroy();
    expect(cloud.snapshot()).toEqual(before);
  });

  it.each<[form: string, settings: Settings]>([
    ["typed", { plaintext: true, insecure: false, maxRetries: 1 }],
    ["as strings", { plaintext: "true", insecure: "false", maxRetries: "1" }],
  ])(
    "mean the same whether they come %s, and do not change anything from one to the other",
    async (_form, settings) => {
      await using cloud = await startCloud();
      const all = { ...settingsOf(cloud), ...settings };
      await using stack = await start(cloud, access(all));
      cloud.fault({ method: "ServiceAccountService/Create", code: "UNAVAILABLE", times: "always" });

      expect((await stack.tryUp()).error).toContain("UNAVAILABLE");
      expect(cloud.calls.filter(({ method }) => method === "ServiceAccountService/Create")).toHaveLength(2);
      cloud.clearFaults();
      await stack.up();

      const otherForm = { plaintext: "true", insecure: "false", maxRetries: "1" };
      for (const form of [otherForm, { ...otherForm, plaintext: true, insecure: false, maxRetries: 1 }]) {
        stack.program(access({ ...all, ...form }));
        expect((await stack.engine.preview()).changeSummary).toEqual({ same: 5 });
      }
    },
  );

  it("are refused in the preview where they cannot be used, without the token", async () => {
    await using cloud = await startCloud();
    const token = `t1 ${cloud.token}`;
    await using stack = await start(cloud, access({ ...settingsOf(cloud), token, maxRetries: "many" }));

    const { error, output } = await stack.tryPreview();

    expect(error).toContain("must be a whole number from 0 to 100");
    expect(output).toContain("yandex:token has a space or a line break in it; give the token alone");
    expect(await leaksOf(cloud.token, stack.folder, { printed: stack.printed() })).toEqual([]);
  });
});
