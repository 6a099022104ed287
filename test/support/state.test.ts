import * as pulumi from "@pulumi/pulumi";
import { startCloud } from "./cloud";
import { startStack } from "./stack";
import { protections } from "./state";

describe("the state of a stack", () => {
  const kinds = Object.keys(protections) as (keyof typeof protections)[];
  it.each(kinds)("tells the same outputs as the CLI, secret or not, in whole or in part: %s", async (protection) => {
    const program = async () => ({
      plain: "text",
      number: 1,
      list: ["a", { b: true }],
      nothing: null,
      secret: pulumi.secret("ключ"),
      secretObject: pulumi.secret({ a: [1, 2] }),
      half: { open: 1, hidden: pulumi.secret("half") },
    });
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, program, { protection });
    const { outputs } = await stack.up();
    expect(outputs).toEqual(await stack.engine.workspace.stackOutputs("dev"));
    expect(outputs.secret).toEqual({ value: "ключ", secret: true });
  });

  it("is a stack that the CLI knows before the first update", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, async () => {});
    expect(await stack.engine.workspace.listStacks()).toMatchObject([{ name: "dev" }]);
    expect(await stack.outputs()).toEqual({});
  });
});
