import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { startStack } from "../../support/stack";
import type { Stack } from "../../support/stack";
import { until } from "../../support/until";

const account = async () => ({ id: new yandex.IamServiceAccount("app", { name: "shop-dev" }).id });

const creations = (cloud: Emulator): number =>
  cloud.calls.filter(({ method }) => method === "ServiceAccountService/Create").length;

/** What a run leaves that is killed while the cloud is still at work: a name that is taken, and nothing in the state. */
async function leaveUnfinished(stack: Stack, cloud: Emulator): Promise<void> {
  cloud.switches.operations = { ms: 60_000 };
  cloud.fault({ method: "OperationService/Get", code: "PERMISSION_DENIED" });
  await stack.tryUp();
  const { deployment, ...rest } = await stack.engine.exportStack();
  const resources = deployment.resources.filter(({ type }: { type: string }) => !type.endsWith("IamServiceAccount"));
  await stack.engine.importStack({ ...rest, deployment: { ...deployment, resources } });
  cloud.switches.operations = "atOnce";
  expect(cloud.snapshot().accounts).toEqual([]);
}

// Case 17. No list of the cloud has an account before its creation is done, though its name is taken already.
describe("an account whose creation was under way when its run was killed", () => {
  it("is waited for and taken over by the next run", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, account);
    await leaveUnfinished(stack, cloud);

    const run = stack.up();
    await until(() => creations(cloud) > 2, run);
    cloud.clock.advance(60_000);
    const { outputs } = await run;

    expect(cloud.snapshot().accounts.map(({ id }) => id)).toEqual([outputs.id?.value]);
    expect((await stack.preview()).steps).toEqual({});
    await stack.destroy();
    expect(cloud.snapshot().accounts).toEqual([]);
  });

  it("is created by the next run if that creation fails after all", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, account);
    const operationFails = { code: "INTERNAL", message: "out of luck" } as const;
    cloud.fault({ method: "ServiceAccountService/Create", operationFails });
    await leaveUnfinished(stack, cloud);

    const run = stack.up();
    await until(() => creations(cloud) > 2, run);
    cloud.clock.advance(60_000);
    const { outputs } = await run;

    expect(cloud.snapshot().accounts.map(({ id }) => id)).toEqual([outputs.id?.value]);
  });

  it("is not waited for without end: the name is then said to be taken", async () => {
    await using cloud = await startCloud();
    let later = 0;
    await using stack = await startStack(cloud, account, { now: () => Date.now() + later });
    await leaveUnfinished(stack, cloud);

    const run = stack.tryUp();
    await until(() => creations(cloud) > 2, run);
    later = 60_000;

    expect((await run).error).toMatch(/service account shop-dev: .*already exists; choose another name/);
    expect(await stack.resources()).not.toHaveProperty("app");
  });
});
