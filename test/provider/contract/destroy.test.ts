import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";
import { startCloud } from "../../support/cloud";
import { startStack } from "../../support/stack";

// Case 9. Key and grants go beside one another: with the first of them the access ends, and none needs the other to go.
it("deletes in a destroy first what uses the key, then key and grants, the account last, and no right of the deployer", async () => {
  await using cloud = await startCloud();
  const { folderId } = cloud;
  const deployer = cloud.addAccount({ name: "deployer", roles: ["admin"] });
  const before = cloud.snapshot();
  const program = async () => {
    const app = new yandex.IamServiceAccount("app", { name: "shop-dev" });
    const member = pulumi.interpolate`serviceAccount:${app.id}`;
    const grants = ["ai.languageModels.user", "ai.imageGeneration.user"].map(
      (role) => new yandex.ResourcemanagerFolderIamMember(role, { folderId, role, member }),
    );
    const scopes = ["yc.ai.languageModels.execute"];
    const key = new yandex.IamServiceAccountApiKey("key", { serviceAccountId: app.id, scopes });
    new yandex.IamServiceAccount("user-of-the-key", { name: "web-dev" }, { dependsOn: [...grants, key] });
    return { app: app.id };
  };
  await using stack = await startStack(cloud, program, { env: { YC_TOKEN: cloud.addToken(deployer) } });
  const app = (await stack.up()).outputs.app?.value as string;
  const made = cloud.calls.length;

  await stack.destroy();

  const written = cloud.calls.slice(made).filter(({ wrote }) => wrote !== undefined);
  const order = written.map(({ method, wrote }) => (wrote === app ? `${method} of the app` : method));
  expect(order[0]).toBe("ServiceAccountService/Delete");
  expect([...new Set(order.slice(1, -1))].sort()).toEqual([
    "ApiKeyService/Delete",
    "FolderService/UpdateAccessBindings",
  ]);
  expect(order.at(-1)).toBe("ServiceAccountService/Delete of the app");
  expect(cloud.snapshot()).toEqual(before);
});
