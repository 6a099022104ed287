import { accessFor, type Capability, capabilityNames, capabilityTable } from "../../components/capabilities";
import type { Emulator } from "../../emulator/emulator";
import { startCloud } from "../support/cloud";
import { ownCalls } from "./ownCalls";

/** The capabilities whose calls an application makes that has some: these, and those that the table says they open. */
const openedBy = (chosen: readonly Capability[]): Capability[] =>
  [...new Set(chosen.flatMap((name) => [name, ...(capabilityTable[name].alsoOpens ?? [])]))].sort();

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

    expect(await opened(cloud, secret)).toEqual(openedBy([capability]));
  });

  it.each(capabilityNames)("open with %s and one more what each of the two opens", async (capability) => {
    await using cloud = await startCloud();
    for (const other of capabilityNames.slice(0, capabilityNames.indexOf(capability))) {
      const { roles, scopes } = accessFor([capability, other]);
      const { secret } = cloud.addApiKey(cloud.addAccount({ name: other.toLowerCase(), roles }), { scopes });

      expect({ other, open: await opened(cloud, secret) }).toEqual({ other, open: openedBy([capability, other]) });
    }
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
