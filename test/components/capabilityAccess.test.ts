import { accessFor, type Capability, capabilityNames } from "../../components/capabilities";
import type { Emulator } from "../../emulator/emulator";
import { startCloud } from "../support/cloud";
import { ownCalls } from "./ownCalls";

/** What a capability opens besides itself, because the vendor has no narrower role and scope for it. */
const alsoOpens: Partial<Record<Capability, Capability[]>> = {
  textGeneration: ["embeddings"],
  embeddings: ["textGeneration"],
  responses: ["textGeneration", "embeddings"],
  // Whoever may use every model may call each over its own API.
  realtime: [
    "embeddings",
    "imageGeneration",
    "speechToText",
    "textGeneration",
    "textToSpeech",
    "translation",
    "vision",
  ],
  // Whoever may edit models may use them, and one does not tune without a dataset.
  tuning: [
    "datasets",
    "embeddings",
    "imageGeneration",
    "realtime",
    "speechToText",
    "textGeneration",
    "textToSpeech",
    "translation",
    "vision",
  ],
};

/** The capabilities whose own call a key may make. Every other call is refused as 401 or 403, and in no other way. */
async function opened(cloud: Emulator, key: string): Promise<Capability[]> {
  const open: Capability[] = [];
  for (const name of capabilityNames) {
    const ending = await ownCalls[name](cloud, key);
    expect([200, 401, 403]).toContain(ending);
    if (ending === 200) open.push(name);
  }
  return open.sort();
}

describe("the roles and scopes of a capability", () => {
  it.each(capabilityNames)("open the calls of %s and no others", async (capability) => {
    await using cloud = await startCloud();
    const { roles, scopes } = accessFor([capability]);
    const { secret } = cloud.addApiKey(cloud.addAccount({ name: "shop", roles }), { scopes });

    expect(await opened(cloud, secret)).toEqual([capability, ...(alsoOpens[capability] ?? [])].sort());
  });

  it.each(capabilityNames)("are both needed for %s", async (capability) => {
    await using cloud = await startCloud();
    const { roles, scopes } = accessFor([capability]);
    const roleOnly = cloud.addApiKey(cloud.addAccount({ name: "role", roles }), { scopes: ["yc.postbox.send"] });
    const scopeOnly = cloud.addApiKey(cloud.addAccount({ name: "scope" }), { scopes });

    expect(await opened(cloud, roleOnly.secret)).toEqual([]);
    expect(await opened(cloud, scopeOnly.secret)).toEqual([]);
  });
});
