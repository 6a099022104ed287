import * as pulumi from "@pulumi/pulumi";
import { deployedKeys } from "../../components/deployedKeys";

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

describe("the keys of the last update", () => {
  it("are read again while the engine writes the state", async () => {
    const engine = await startEngine(2, "failed to load checkpoint: EOF");

    expect(await deployedKeys(COMPONENT, ["shop"])).toEqual([
      { suffix: "-2026-02-01", expiresAt: "2026-05-01T00:00:00Z", createdAt: undefined },
    ]);
    expect(engine.asked()).toBe(3);
  });

  it("are not taken for none when the state cannot be read", async () => {
    await startEngine(Infinity, "failed to load checkpoint: EOF");

    await expect(deployedKeys(COMPONENT, ["shop"])).rejects.toThrow("failed to load checkpoint");
  });

  it("are asked for once when the engine refuses for another reason", async () => {
    const engine = await startEngine(Infinity, "no such stack");

    await expect(deployedKeys(COMPONENT, ["shop"])).rejects.toThrow("no such stack");
    expect(engine.asked()).toBe(1);
  });
});
