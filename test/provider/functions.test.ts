import * as yandex from "@pulumi/yandex";
import { startCloud } from "../support/cloud";
import { startStack } from "../support/stack";

describe("getIamServiceAccount", () => {
  it("finds an account by its ID and by its name", async () => {
    await using cloud = await startCloud();
    const id = cloud.addAccount({ name: "app" });
    await using stack = await startStack(cloud, async () => ({
      byId: (await yandex.getIamServiceAccount({ serviceAccountId: id })).name,
      byName: (await yandex.getIamServiceAccount({ name: "app" })).id,
    }));

    const { outputs } = await stack.up();

    expect(outputs).toMatchObject({ byId: { value: "app" }, byName: { value: id } });
  });

  it("says what it did not find, and where it looked", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, async () => ({
      answer: await yandex.getIamServiceAccount({ name: "nobody" }).then(
        ({ id }) => id,
        (refusal: Error) => refusal.message,
      ),
    }));

    const { outputs } = await stack.up();

    expect(outputs.answer?.value).toContain(`folder ${cloud.folderId} has no service account named nobody`);
  });

  it("is not asked in a preview for what is not known yet", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, async () => {
      const { id } = new yandex.IamServiceAccount("app", { name: "shop-dev" });
      return { name: yandex.getIamServiceAccountOutput({ serviceAccountId: id }).name };
    });

    expect((await stack.preview()).steps).toEqual({ app: "create" });
    expect((await stack.up()).outputs.name?.value).toBe("shop-dev");
  });
});
