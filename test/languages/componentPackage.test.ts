import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";
import type { AiStudioAccessArgs } from "../../components/index";
import { startCloud } from "../support/cloud";
import { access, advanceTo, startStackOn } from "../support/access";
import { dayAfter, liveKeys, rotation } from "../components/rotationDays";
import { packaged, type Packaged, PackagedAccess, schema, TYPE } from "./packagedAccess";

describe("the component package", () => {
  afterEach(() => delete process.env["AI_STUDIO_ACCESS_NOW"]);

  it.each<[string, Partial<AiStudioAccessArgs>]>([
    ["one key", {}],
    ["keys that rotate", { rotation }],
    ["a named account with labels", { serviceAccount: { name: "shop-account", labels: { team: "web" } } }],
    ["scopes and roles of its own", { extraRoles: ["ai.guardrails.user"], extraScopes: ["yc.monitoring.read"] }],
  ])("makes what the class makes, so that each previews the other's stack empty: %s", async (_what, args) => {
    await using cloud = await startCloud();
    await using stack = await startStackOn(cloud, access(args));
    advanceTo(cloud, stack, dayAfter(3));
    const byClass = await stack.up();
    const state = await stack.resources();

    stack.program(packaged(args));
    expect((await stack.preview()).steps).toEqual({});
    const byPackage = await stack.up();
    expect(byPackage.steps).toEqual({});
    expect(byPackage.outputs).toEqual(byClass.outputs);
    expect(Object.keys(await stack.resources()).sort()).toEqual(Object.keys(state).sort());

    stack.program(access(args));
    expect((await stack.preview()).steps).toEqual({});
  });

  it("rotates by what its stack has deployed, with an overlap, and deletes the earlier key at its end", async () => {
    await using cloud = await startCloud();
    await using stack = await startStackOn(cloud, packaged({ rotation }));
    advanceTo(cloud, stack, dayAfter(3));
    const first = (await stack.up()).outputs;
    expect(first.apiKey?.secret).toBe(true);
    expect((await stack.preview()).steps).toEqual({});

    advanceTo(cloud, stack, dayAfter(4));
    stack.program(packaged({ rotation: { ...rotation, trigger: "a laptop was stolen" } }));
    const second = (await stack.up()).outputs;
    expect(second.apiKeyId).not.toEqual(first.apiKeyId);
    expect([second.previousApiKey, second.previousApiKeyId]).toEqual([first.apiKey, first.apiKeyId]);
    expect((await stack.preview()).steps).toEqual({});

    advanceTo(cloud, stack, dayAfter(36));
    expect(Object.values((await stack.up()).steps)).toEqual(["delete"]);
    expect(liveKeys(cloud).map(({ id }) => id)).toEqual([second.apiKeyId?.value]);
    await stack.destroy();
    expect(liveKeys(cloud)).toEqual([]);
  });

  it("hands an explicit provider and a parent on to each resource, and protects what a program protects", async () => {
    await using cloud = await startCloud();
    await using stack = await startStackOn(
      cloud,
      packaged({}, "shop", () => ({
        provider: new yandex.Provider("own", { folderId: cloud.folderId }),
        parent: new pulumi.ComponentResource("my:index:Team", "team"),
        protect: true,
      })),
    );
    await stack.up();

    const ours = (await stack.engine.exportStack()).deployment.resources.filter(({ type }: { type: string }) =>
      type.startsWith("yandex:"),
    ) as { urn: string; provider: string; protect?: boolean }[];
    expect(ours.length).toBeGreaterThan(2);
    for (const { urn, provider, protect } of ours) {
      expect(urn).toContain(`my:index:Team$${TYPE}$yandex:`);
      expect(provider).toContain("::own::");
      // As from the class: a validation ends with its key, so it stays unprotected.
      expect(protect ?? false).toBe(!urn.includes("AiStudioKeyValidation"));
    }
  });

  it("marks as secret each output that is one", async () => {
    await using cloud = await startCloud();
    await using stack = await startStackOn(cloud, async () => {
      const made = new PackagedAccess("shop", { capabilities: ["textGeneration"] });
      const outputs = Object.keys(schema.resources[TYPE].properties) as (keyof Packaged)[];
      return Object.fromEntries(outputs.map((output) => [output, made[output as never]]));
    });
    const { outputs } = await stack.up();

    const properties: Record<string, { type: string; secret?: boolean }> = schema.resources[TYPE].properties;
    const declared = Object.entries(properties);
    for (const [name, { secret = false }] of declared.filter(([name]) => outputs[name]?.value !== undefined))
      expect([name, outputs[name]?.secret]).toEqual([name, secret]);
    expect(outputs).toMatchObject({ apiKey: { secret: true }, env: { secret: true } });
  });
});
