import { AiStudioAccess } from "../../components/index";
import { startStackOn } from "../support/access";
import { startCloud } from "../support/cloud";
import { asBridged } from "./bridgedState";

jest.setTimeout(200_000);

const program = (waitUntilReady?: false) => async () => {
  const shop = new AiStudioAccess("shop", { capabilities: ["textGeneration", "imageGeneration"], waitUntilReady });
  return { key: shop.apiKey };
};

describe("a stack of the bridge over the official provider", () => {
  it("previews without a change, refreshes, keeps its key over an update, and is destroyed", async () => {
    await using cloud = await startCloud();
    await using stack = await startStackOn(cloud, program(false));
    const { outputs } = await stack.up();
    const before = cloud.snapshot();
    const state = await asBridged(stack);
    await stack.engine.importStack(state);
    expect(JSON.stringify((await stack.engine.exportStack()).deployment)).toContain("default_0_222_0");

    expect((await stack.preview()).steps).toEqual({});
    await stack.refresh();
    expect((await stack.preview()).steps).toEqual({});
    const after = await stack.up();

    expect(after.steps).toEqual({});
    expect(after.outputs.key).toEqual(outputs.key);
    expect(cloud.snapshot()).toEqual(before);
    expect(JSON.stringify((await stack.engine.exportStack()).deployment)).not.toContain("default_0_222_0");
    await stack.destroy();
    expect(cloud.snapshot()).toMatchObject({ accounts: [], apiKeys: [] });
  });

  it("gets only the validation of its key when the component may wait", async () => {
    await using cloud = await startCloud();
    await using stack = await startStackOn(cloud, program(false));
    await stack.up();
    await stack.engine.importStack(await asBridged(stack));

    stack.program(program());

    expect(Object.values((await stack.preview()).steps)).toEqual(["create"]);
  });
});
