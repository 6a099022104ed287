import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { startStack } from "../../support/stack";

const TEXT = "ai.languageModels.user";

/** A key that waits for the grant, and an account that waits for a key it has nothing else to do with. */
const program = (folderId: string) => async () => {
  const account = new yandex.IamServiceAccount("app", { name: "shop-dev" });
  const member = pulumi.interpolate`serviceAccount:${account.id}`;
  const grant = new yandex.ResourcemanagerFolderIamMember("grant", { folderId, role: TEXT, member });
  const scopes = ["yc.ai.languageModels.execute"];
  const key = new yandex.IamServiceAccountApiKey("key", { serviceAccountId: account.id, scopes }, { dependsOn: grant });
  new yandex.IamServiceAccount("worker", { name: "shop-worker" }, { dependsOn: [key] });
};

/** What was written, in the order of the cloud's log. */
const written = (cloud: Emulator): string[] => cloud.calls.filter(({ wrote }) => wrote).map(({ method }) => method);

// Case 9.
it("creates a dependent after its dependency and deletes it before, and keeps the deployer's own grant", async () => {
  await using cloud = await startCloud();
  const before = cloud.snapshot();
  await using stack = await startStack(cloud, program(cloud.folderId));

  await stack.up();
  const made = written(cloud);
  await stack.destroy();

  expect(made).toEqual([
    "ServiceAccountService/Create",
    "FolderService/UpdateAccessBindings",
    "ApiKeyService/Create",
    "ApiKeyService/Update",
    "ServiceAccountService/Create",
  ]);
  expect(written(cloud).slice(made.length)).toEqual([
    "ServiceAccountService/Delete",
    "ApiKeyService/Delete",
    "FolderService/UpdateAccessBindings",
    "ServiceAccountService/Delete",
  ]);
  expect(cloud.snapshot()).toEqual(before);
  expect(before.grants).toMatchObject([{ subjectId: cloud.deployerId }]);
});

it("creates nothing that depends on a failed resource", async () => {
  await using cloud = await startCloud();
  await using stack = await startStack(cloud, program(cloud.folderId));
  cloud.fault({ method: "FolderService/UpdateAccessBindings", code: "PERMISSION_DENIED" });

  expect((await stack.tryUp()).error).toContain(`granting ${TEXT}`);
  expect(written(cloud)).toEqual(["ServiceAccountService/Create"]);
  expect((await stack.up()).steps).toEqual({ grant: "create", key: "create", worker: "create" });

  expect(cloud.snapshot().apiKeys).toHaveLength(1);
});
