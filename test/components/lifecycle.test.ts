import * as pulumi from "@pulumi/pulumi";
import { AiStudioAccess } from "../../components";
import { capabilityNames } from "../../components/capabilities";
import { startCloud } from "../support/cloud";
import { leaksOf } from "../support/leakScan";
import { startStack } from "../support/stack";
import { access, chat } from "../support/access";
import { ownCalls } from "./ownCalls";

describe("an application's access", () => {
  it("comes with one run, stays as it is, and goes without a trace", async () => {
    await using cloud = await startCloud();
    const before = cloud.snapshot();
    await using stack = await startStack(cloud, access());

    const { outputs } = await stack.up();

    expect(outputs.apiKey?.secret).toBe(true);
    expect(await chat(cloud, outputs.apiKey?.value)).toBe("200");
    expect((await stack.preview()).steps).toEqual({});
    expect((await stack.refresh()).steps).toEqual({});
    expect((await stack.up()).steps).toEqual({});
    const places = { printed: stack.printed(), cloud: cloud.dump() };
    expect(await leaksOf(outputs.apiKey?.value, stack.folder, places)).toEqual([]);

    await stack.destroy();
    expect(cloud.snapshot()).toEqual(before);
  });

  it("is widened and narrowed in place: the key stays, and nothing else is touched", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, access());
    const { apiKey } = (await stack.up()).outputs;

    stack.program(access({ capabilities: ["textGeneration", "imageGeneration"] }));
    expect((await stack.preview()).steps).toMatchObject({ "shop-ai.imageGeneration.user": "create" });
    const wider = (await stack.up()).outputs;
    stack.program(access());
    const narrower = (await stack.up()).outputs;

    expect([wider.apiKey, narrower.apiKey]).toEqual([apiKey, apiKey]);
    expect(cloud.snapshot().apiKeys.map(({ scopes }) => scopes)).toEqual([["yc.ai.languageModels.execute"]]);
    expect(cloud.snapshot().grants.map(({ roleId }) => roleId)).toEqual(["admin", "ai.languageModels.user"]);
  });

  it("has a name of its own in each environment, also where both are in one cloud", async () => {
    await using cloud = await startCloud();
    await using dev = await startStack(cloud, access());
    await using prod = await startStack(cloud, access(), {
      name: "prod",
      beside: dev,
      config: { "yandex:folderId": cloud.addFolder({ name: "prod" }) },
    });

    const first = (await dev.up()).outputs;
    const second = (await prod.up()).outputs;

    expect(first.serviceAccountName?.value).toMatch(/^shop-dev-[0-9a-f]{8}$/);
    expect(second.serviceAccountName?.value).toMatch(/^shop-prod-[0-9a-f]{8}$/);
    expect(await chat(cloud, second.apiKey?.value, String(second.folderId?.value))).toBe("200");
  });

  it("adopts the account that was made by hand, beside the key that is in use, and leaves both at the end", async () => {
    await using cloud = await startCloud();
    const id = cloud.addAccount({ name: "sa-api", roles: ["ai.languageModels.user"] });
    const old = cloud.addApiKey(id, { scopes: ["yc.ai.languageModels.execute"] });
    const capabilities = ["textGeneration" as const, "imageGeneration" as const];
    await using stack = await startStack(cloud, access({ capabilities, serviceAccount: { existingName: "sa-api" } }));

    const { outputs } = await stack.up();

    expect(outputs.serviceAccountId?.value).toBe(id);
    expect(await chat(cloud, old.secret)).toBe("200");
    expect(await chat(cloud, outputs.apiKey?.value)).toBe("200");

    await stack.destroy();
    expect(cloud.snapshot().accounts.map(({ name }) => name)).toEqual(["sa-api"]);
    expect(await chat(cloud, outputs.apiKey?.value)).toMatch(/^401/);
  });

  it("shares an account and a role with another, and takes nothing from it when it goes", async () => {
    await using cloud = await startCloud();
    const serviceAccount = { id: cloud.addAccount({ name: "shared" }) };
    const both = async () => {
      new AiStudioAccess("search", { capabilities: ["textGeneration", "search"], serviceAccount });
      return access({ serviceAccount })();
    };
    await using stack = await startStack(cloud, both);
    const { apiKey } = (await stack.up()).outputs;

    stack.program(access({ serviceAccount }));
    await stack.up();

    expect(await chat(cloud, apiKey?.value)).toBe("200");
    expect(cloud.snapshot().grants.map(({ roleId }) => roleId)).toEqual(["admin", "ai.languageModels.user"]);
    expect(cloud.snapshot().apiKeys).toHaveLength(1);
  });

  it("is given out only when it works for every capability, however slowly the cloud learns of it", async () => {
    const started = Date.now();
    await using cloud = await startCloud({
      // Ten times as fast as the tests' own time, or the delays of a bad day would be waited for.
      clock: () => started + 10 * (Date.now() - started),
      switches: { roleDelayMs: 20_000, keyDelayMs: 20_000, staleNodes: { everyNth: 2, lagMs: 10_000 } },
    });
    const noKey = cloud.addApiKey(cloud.addAccount({ name: "nobody" })).secret;
    expect(await ownCalls.mcp(cloud, noKey)).toBe(401);
    await using stack = await startStack(cloud, access({ capabilities: capabilityNames }));

    const { apiKey } = (await stack.up()).outputs;

    expect(cloud.clock.now() - started).toBeGreaterThan(30_000);
    for (const capability of capabilityNames) {
      const endings = [1, 2].map(() => ownCalls[capability](cloud, String(apiKey?.value)));
      expect([capability, ...(await Promise.all(endings))]).toEqual([capability, 200, 200]);
    }
  });

  it("moves as a whole when its folder changes, and its model URIs with it", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, access());
    await stack.up();
    const folderId = cloud.addFolder({ name: "new" });

    stack.program(access({ folderId }));
    const { outputs } = await stack.up();

    expect(outputs.folderId?.value).toBe(folderId);
    expect(cloud.snapshot().accounts.map((account) => account.folderId)).toEqual([folderId]);
    expect(await chat(cloud, outputs.apiKey?.value, folderId)).toBe("200");
  });

  it("warns when the roles are on a folder where the key is not accepted", async () => {
    await using cloud = await startCloud();
    const serviceAccount = { id: cloud.addAccount({ name: "sa-api" }) };
    const folderId = cloud.addFolder({ name: "other" });
    await using stack = await startStack(cloud, access({ serviceAccount, folderId, waitUntilReady: false }));

    const { output } = await stack.preview();

    expect(output).toContain(`The roles are granted on folder ${folderId}, but service account sa-api lives in`);
  });

  it("shows in the preview what the run then makes, and tells a mistake before anything is made", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, access({ capabilities: ["textGeneration", "embeddings"] }));

    const preview = await stack.preview();
    expect(preview.output).toContain("The vendor documents no scope for embeddings");
    expect(preview.steps).toEqual((await stack.up()).steps);

    stack.program(access({ extraRoles: ["ai.languageModel.user"] }));
    expect((await stack.tryPreview()).error).toMatch(/ai\.languageModels\.user/);
    stack.program(access({ extraScopes: ["yc.ai.languageModel.execute"] }));
    expect((await stack.tryPreview()).error).toMatch(/yc\.ai\.languageModels\.execute/);
  });

  it("keeps the application working while it is destroyed: the application goes first", async () => {
    await using cloud = await startCloud();
    const withApplication = async () => {
      const made = new AiStudioAccess("shop", { capabilities: ["textGeneration"] });
      // Something that uses the key, as far as the engine knows.
      new pulumi.Stash("application", { input: made.apiKey }, { dependsOn: made });
    };
    await using stack = await startStack(cloud, withApplication);
    await stack.up();

    const { output } = await stack.destroy();

    const order = [/Stash application del/, /ApiKey shop del/, /IamServiceAccount shop del/];
    const places = order.map((pattern) => output.search(pattern));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeGreaterThanOrEqual(0);
  });
});
