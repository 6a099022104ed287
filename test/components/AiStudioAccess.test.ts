import * as pulumi from "@pulumi/pulumi";
import { AiStudioAccess, type AiStudioAccessArgs } from "../../components";
import { type Registered, registeredBy, type RunOptions } from "../support/program";

const ACCOUNT = "yandex:index/iamServiceAccount:IamServiceAccount";
const GRANT = "yandex:index/resourcemanagerFolderIamMember:ResourcemanagerFolderIamMember";
const KEY = "yandex:index/iamServiceAccountApiKey:IamServiceAccountApiKey";
const VALIDATION = "yandex:index/aiStudioKeyValidation:AiStudioKeyValidation";
const KEY_URN = `urn:pulumi:dev::shop::yandex-aistudio:index:AiStudioAccess$${KEY}`;

const shop = (args: AiStudioAccessArgs, options?: RunOptions, resourceOptions?: pulumi.ComponentResourceOptions) =>
  registeredBy(() => new AiStudioAccess("shop", args, resourceOptions), options);

const inputsOf = (resources: Registered[], type: string) =>
  Object.fromEntries(resources.filter((each) => each.type === type).map(({ name, inputs }) => [name, inputs]));

const valueOf = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => void output.apply(resolve));

describe("AiStudioAccess", () => {
  const at = (moment: string) => (process.env["AI_STUDIO_ACCESS_NOW"] = moment);
  beforeEach(() => at("2026-05-01T10:00:00Z"));
  afterAll(() => delete process.env["AI_STUDIO_ACCESS_NOW"]);

  it("makes an account, its roles, a key with the matching scopes, and nothing else", async () => {
    const { resources } = await shop({ capabilities: ["textGeneration", "imageGeneration"], folderId: "b1gshop" });

    expect(resources.map(({ type, name }) => [type, name]).sort()).toEqual(
      [
        [VALIDATION, "shop"],
        [ACCOUNT, "shop"],
        [KEY, "shop"],
        [GRANT, "shop-ai.imageGeneration.user"],
        [GRANT, "shop-ai.languageModels.user"],
        ["yandex-aistudio:index:AiStudioAccess", "shop"],
      ].sort(),
    );
    expect(inputsOf(resources, ACCOUNT)["shop"]).toEqual({
      name: expect.stringMatching(/^shop-dev-[0-9a-f]{8}$/),
      description: "shop calls Yandex AI Studio as this account (Pulumi shop/dev).",
      folderId: "b1gshop",
      labels: { application: "shop", project: "shop", stack: "dev" },
    });
    expect(inputsOf(resources, GRANT)).toEqual({
      "shop-ai.imageGeneration.user": {
        folderId: "b1gshop",
        role: "ai.imageGeneration.user",
        member: "serviceAccount:shop-id",
      },
      "shop-ai.languageModels.user": {
        folderId: "b1gshop",
        role: "ai.languageModels.user",
        member: "serviceAccount:shop-id",
      },
    });
    expect(inputsOf(resources, KEY)).toEqual({
      shop: {
        serviceAccountId: "shop-id",
        description: "shop calls Yandex AI Studio with this key (Pulumi shop/dev).",
        scopes: ["yc.ai.imageGeneration.execute", "yc.ai.languageModels.execute"],
      },
    });
  });

  it("declares a role once, however many capabilities and extras ask for it", async () => {
    const { resources } = await shop({
      capabilities: ["textGeneration", "embeddings", "responses"],
      extraRoles: ["ai.languageModels.user", "ai.guardrails.user"],
      extraScopes: ["yc.ai.languageModels.execute"],
    });

    expect(Object.keys(inputsOf(resources, GRANT)).sort()).toEqual([
      "shop-ai.assistants.editor",
      "shop-ai.guardrails.user",
      "shop-ai.languageModels.user",
    ]);
    expect(inputsOf(resources, KEY)["shop"]).toMatchObject({
      scopes: ["yc.ai.foundationModels.execute", "yc.ai.languageModels.execute"],
    });
  });

  it("grants on the account's own folder when none is named", async () => {
    const { resources, value } = await shop({ capabilities: ["translation"] });

    expect(inputsOf(resources, GRANT)["shop-ai.translate.user"]).toMatchObject({ folderId: "b1ghome" });
    expect(await valueOf(value.modelUri("yandexgpt/latest"))).toBe("gpt://b1ghome/yandexgpt/latest");
  });

  it.each([{ id: "ajeold" }, { existingName: "sa-api" }])(
    "makes no account when it adopts %j",
    async (serviceAccount) => {
      const accounts = [{ id: "ajeold", name: "sa-api", folderId: "b1gold" }];
      const { resources, value } = await shop({ capabilities: ["textGeneration"], serviceAccount }, { accounts });

      expect(inputsOf(resources, ACCOUNT)).toEqual({});
      expect(inputsOf(resources, GRANT)["shop-ai.languageModels.user"]).toEqual({
        folderId: "b1gold",
        role: "ai.languageModels.user",
        member: "serviceAccount:ajeold",
      });
      expect(inputsOf(resources, KEY)["shop"]).toMatchObject({ serviceAccountId: "ajeold" });
      expect(await valueOf(value.serviceAccountName)).toBe("sa-api");
    },
  );

  it("waits for the key to work, unless the program says not to", async () => {
    const waiting = await shop({ capabilities: ["textGeneration"] });
    const hasty = await shop({ capabilities: ["textGeneration"], waitUntilReady: false });

    expect(inputsOf(waiting.resources, VALIDATION)["shop"]).toMatchObject({
      capabilities: ["textGeneration"],
      folderId: "b1ghome",
      serviceAccountId: "shop-id",
    });
    expect(inputsOf(hasty.resources, VALIDATION)).toEqual({});
    expect(await valueOf(hasty.value.apiKey)).toBe("secret of shop");
  });

  it("warns of scopes that were inferred, and of roles where the key is not accepted", async () => {
    const accounts = [{ id: "ajeold", name: "sa-api", folderId: "b1gold" }];
    const inferred = await shop({ capabilities: ["textGeneration", "tuning"] });
    const foreign = await shop(
      { capabilities: ["textGeneration"], folderId: "b1gnew", serviceAccount: { id: "ajeold" } },
      { accounts },
    );

    expect(inferred.warnings).toEqual([expect.stringMatching(/no scope for tuning/)]);
    expect(foreign.warnings).toEqual([
      expect.stringMatching(/folder b1gnew, but service account sa-api lives in b1gold/),
    ]);
  });

  it("gives out the key as a secret, and the rest in the open", async () => {
    const { value } = await shop({ capabilities: ["textGeneration"] });

    const secret = async (output: pulumi.Output<unknown> | undefined) => output && (await pulumi.isSecret(output));
    expect(await secret(value.apiKey)).toBe(true);
    expect(await secret(value.previousApiKey)).toBe(true);
    expect(await secret(value.env["OPENAI_API_KEY"])).toBe(true);
    expect(await secret(value.env["YC_API_KEY"])).toBe(true);
    for (const open of [value.apiKeyId, value.folderId, value.env["OPENAI_PROJECT_ID"], value.env["OPENAI_BASE_URL"]]) {
      expect(await secret(open)).toBe(false);
    }
  });

  it("tells its environment in the form that a Kubernetes secret takes", async () => {
    const { value } = await shop({ capabilities: ["textGeneration"] });

    const stringData: pulumi.Input<Record<string, pulumi.Input<string>>> = value.env;
    expect(Object.keys(stringData).sort()).toEqual(
      ["OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_PROJECT_ID", "YC_API_KEY", "YC_FOLDER_ID"].sort(),
    );
  });

  it("names the key of a rotation after the day on which it became current", async () => {
    const rotation = { everyDays: 90, overlapDays: 14, anchor: "2026-01-01" };
    const { resources } = await shop({ capabilities: ["textGeneration"], rotation });

    expect(inputsOf(resources, KEY)).toEqual({
      "shop-2026-04-01": expect.objectContaining({ expiresAt: "2026-07-14T00:00:00Z" }),
    });
  });

  it("keeps a deployed key that still works beside the current one, and tells it as the previous", async () => {
    const deployed = {
      [`${KEY_URN}::shop-2026-04-01`]: { outputs: { expiresAt: "2026-07-14T00:00:00Z" } },
      [`${KEY_URN}::shop-2026-01-01`]: { outputs: { expiresAt: "2026-04-15T00:00:00Z" } },
      [`${KEY_URN}::another-2026-04-01`]: { outputs: { expiresAt: "2026-07-14T00:00:00Z" } },
    };
    at("2026-07-02T10:00:00Z");
    const rotation = { everyDays: 90, overlapDays: 14, anchor: "2026-01-01" };
    const { resources, value } = await shop({ capabilities: ["textGeneration"], rotation }, { deployed });

    expect(inputsOf(resources, KEY)).toEqual({
      "shop-2026-06-30": expect.objectContaining({ expiresAt: "2026-10-12T00:00:00Z" }),
      "shop-2026-04-01": expect.objectContaining({ expiresAt: "2026-07-14T00:00:00Z" }),
    });
    expect(await valueOf(value.previousApiKey)).toBe("secret of shop-2026-04-01");
    expect(await valueOf(value.previousApiKeyId)).toBe("shop-2026-04-01-id");
  });

  it("keeps the keys it had under another name, when an alias tells that name", async () => {
    const deployed = { [`${KEY_URN}::store-2026-04-01`]: { outputs: { expiresAt: "2026-07-14T00:00:00Z" } } };
    at("2026-07-02T10:00:00Z");
    const rotation = { everyDays: 90, overlapDays: 14, anchor: "2026-01-01" };
    const { resources } = await shop(
      { capabilities: ["search"], rotation },
      { deployed },
      { aliases: [{ name: "store" }] },
    );

    expect(Object.keys(inputsOf(resources, KEY)).sort()).toEqual(["shop-2026-04-01", "shop-2026-06-30"]);
  });

  it("refuses wrong arguments with one sentence for each", async () => {
    const wrong = { capabilities: ["textGenration", "ocr"], extraRoles: [" "] } as unknown as AiStudioAccessArgs;

    await expect(shop(wrong)).rejects.toThrow(
      [
        'AiStudioAccess "shop" cannot be deployed:',
        '  capabilities[0] "textGenration" is not a capability; did you mean textGeneration?',
        '  capabilities[1] "ocr" is not a capability; did you mean vision?',
        '  extraRoles[0] is " "; write the name alone, without spaces',
      ].join("\n"),
    );
  });
});
