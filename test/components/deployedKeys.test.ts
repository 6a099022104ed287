import * as pulumi from "@pulumi/pulumi";
import { deployedKeys } from "../../components/deployedKeys";

/** The keys of the component `shop` in the state of the stack. */
const keysInState = () => deployedKeys(new pulumi.ComponentResource(COMPONENT, "shop"));

const COMPONENT = "yandex-aistudio:index:AiStudioAccess";
const URN = `urn:pulumi:dev::shop::${COMPONENT}$yandex:index/iamServiceAccountApiKey:IamServiceAccountApiKey::shop-2026-02-01`;

/** An engine whose state cannot be read the first times that it is asked for. */
async function startEngine(refusals: number, words: string): Promise<{ asked(): number }> {
  let asked = 0;
  await pulumi.runtime.setMocks(
    {
      newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
      call: () => {
        if (++asked <= refusals) throw Object.assign(new Error(words), { code: 2, details: words });
        return { outputs: { [URN]: { outputs: { expiresAt: "2026-05-01T00:00:00Z" } } } };
      },
    },
    "shop",
    "dev",
    false,
    "organization",
  );
  return { asked: () => asked };
}

describe("deployedKeys", () => {
  it("reads the state again while the engine writes the state", async () => {
    const engine = await startEngine(2, "failed to load checkpoint: EOF");

    expect(await keysInState()).toEqual([{ suffix: "-2026-02-01", expiresAt: "2026-05-01T00:00:00Z", retires: false }]);
    expect(engine.asked()).toBe(3);
  });

  it("fails where the state cannot be read", async () => {
    await startEngine(Infinity, "failed to load checkpoint: EOF");

    await expect(keysInState()).rejects.toThrow("failed to load checkpoint");
  });

  it("asks once where the engine refuses for another reason", async () => {
    const engine = await startEngine(Infinity, "no such stack");

    await expect(keysInState()).rejects.toThrow("no such stack");
    expect(engine.asked()).toBe(1);
  });
});
