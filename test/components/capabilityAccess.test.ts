import { accessFor, type Capability, capabilityNames } from "../../components/capabilities";
import type { Emulator } from "../../emulator/emulator";
import { probes } from "../../provider/probes";
import { startCloud } from "../support/cloud";

/** Capabilities that can be told apart by a call over HTTP; tuning, datasets, realtime and MCP have other wires. */
const called = capabilityNames.filter((name) => name in probes);

/** What a capability opens besides itself, because the vendor has no narrower role and scope for it. */
const alsoOpens: Partial<Record<Capability, Capability[]>> = {
  textGeneration: ["embeddings"],
  embeddings: ["textGeneration"],
  responses: ["textGeneration", "embeddings"],
};

async function isLetIn(cloud: Emulator, secret: string, capability: Capability): Promise<boolean> {
  const { path, body } = probes[capability]!;
  const response = await fetch(`${cloud.url}${path}`, {
    method: "POST",
    headers: { authorization: `Api-Key ${secret}`, "content-type": "application/json" },
    body: JSON.stringify(body(cloud.folderId)),
  });
  await response.text();
  expect(response.status).not.toBe(404);
  return response.status !== 401 && response.status !== 403;
}

describe("the roles and scopes of a capability", () => {
  it.each(called)("open the calls of %s and no others", async (capability) => {
    await using cloud = await startCloud();
    const { roles, scopes } = accessFor([capability]);
    const { secret } = cloud.addApiKey(cloud.addAccount({ name: "shop", roles }), { scopes });

    const open: Capability[] = [];
    for (const name of called) if (await isLetIn(cloud, secret, name)) open.push(name);

    expect(open.sort()).toEqual([capability, ...(alsoOpens[capability] ?? [])].sort());
  });

  it.each(called)("are both needed for %s", async (capability) => {
    await using cloud = await startCloud();
    const { roles, scopes } = accessFor([capability]);
    const roleOnly = cloud.addApiKey(cloud.addAccount({ name: "role", roles }), { scopes: ["yc.postbox.send"] });
    const scopeOnly = cloud.addApiKey(cloud.addAccount({ name: "scope" }), { scopes });

    expect(await isLetIn(cloud, roleOnly.secret, capability)).toBe(false);
    expect(await isLetIn(cloud, scopeOnly.secret, capability)).toBe(false);
  });
});
