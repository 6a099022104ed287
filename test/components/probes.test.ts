import { setTimeout as wait } from "node:timers/promises";
import { accessFor, type Capability, capabilityNames } from "../../components/capabilities";
import type { Emulator } from "../../emulator/emulator";
import { connect } from "../../provider/cloud";
import { awaitAccess } from "../../provider/resources/aiStudioKeyValidation/awaitAccess";
import { probes } from "../../provider/resources/aiStudioKeyValidation/probes";
import type { Context } from "../../provider/contract/resource";
import { settingsFor, testWorld } from "../support/smallCloud";
import { startCloud } from "../support/cloud";
import { ownCalls } from "./ownCalls";

/** What the provider finds out about a key, asking once: "works", or the refusal. */
async function validated(cloud: Emulator, secretKey: string, capability: string, token = cloud.token): Promise<string> {
  const settings = settingsFor(cloud.endpoint, { aiEndpoint: cloud.url, token });
  const world = testWorld();
  using connection = connect(settings, world);
  const { signal } = new AbortController();
  const context = { ...world, cloud: connection, settings, signal, sleep: wait, logStatus: () => {} };
  const key = { secretKey, folderId: cloud.folderId, capabilities: [capability] };
  return await awaitAccess(key, 0, context as unknown as Context);
}

const keyFor = (cloud: Emulator, capability: Capability) => {
  const { roles, scopes } = accessFor([capability]);
  return cloud.addApiKey(cloud.addAccount({ name: capability.toLowerCase(), roles }), { scopes }).secret;
};

describe("asking whether a key works", () => {
  it("is possible for each capability", () => {
    expect(Object.keys(probes).sort()).toEqual([...capabilityNames].sort());
  });

  it.each(capabilityNames)("gets the answer that the application's own call gets: key for %s", async (capability) => {
    await using cloud = await startCloud();
    const key = keyFor(cloud, capability);

    for (const asked of capabilityNames) {
      const ending = await ownCalls[asked](cloud, key);
      expect([asked, await validated(cloud, key, asked)]).toEqual([
        asked,
        ending === 200 ? "works" : expect.stringMatching(/ answered (401|403|UNAUTHENTICATED|PERMISSION_DENIED) /),
      ]);
    }
  });

  it.each(capabilityNames.filter((name) => name !== "mcp"))(
    "makes nothing and spends nothing: %s",
    async (capability) => {
      await using cloud = await startCloud();
      const key = keyFor(cloud, capability);
      const before = cloud.calls.length;

      expect(await validated(cloud, key, capability)).toBe("works");

      const calls = cloud.calls.slice(before).filter(({ method }) => method !== "ApiEndpointService/List");
      expect(calls).not.toEqual([]);
      expect(calls.filter(({ wrote }) => wrote !== undefined)).toEqual([]);
      // The page of the local cloud tells by this a refusal that is meant from one that is an error.
      expect(calls.filter(({ status, probe }) => status !== "OK" && !probe)).toEqual([]);
      const isAnswered = ({ method, status }: (typeof calls)[number]) => status === "OK" && !method.endsWith("/List");
      expect(calls.filter(isAnswered)).toEqual([]);
    },
  );

  it("passes over MCP where the folder has no server, or the deployer may not look", async () => {
    await using cloud = await startCloud();
    const { secret } = cloud.addApiKey(cloud.addAccount({ name: "nobody" }));
    expect(await validated(cloud, secret, "mcp")).toBe("works");

    await ownCalls.mcp(cloud, secret);
    const limited = cloud.addToken(cloud.addAccount({ name: "ci", roles: ["iam.serviceAccounts.admin"] }));

    expect(await validated(cloud, secret, "mcp")).toMatch(/^mcp answered 401 Unknown api key/);
    expect(await validated(cloud, secret, "mcp", limited)).toBe("works");
  });

  it.each([
    ["tuning", "TuningService/List"],
    ["realtime", "GET /v1/realtime/openai"],
    ["textGeneration", "POST /v1/chat/completions"],
  ] as const)("is not taken for a yes when the service of %s fails", async (capability, method) => {
    await using cloud = await startCloud();
    const key = keyFor(cloud, capability);
    cloud.fault({ method, code: "INTERNAL", times: "always" });

    expect(await validated(cloud, key, capability)).toMatch(new RegExp(`^${capability} answered (5|nothing)`));
  });
});
