import OpenAI from "openai";
import { ApiKeyServiceService } from "@yandex-cloud/nodejs-sdk/iam-v1/api_key_service";
import { ServiceAccountServiceService } from "@yandex-cloud/nodejs-sdk/iam-v1/service_account_service";
import { ServiceAccount } from "@yandex-cloud/nodejs-sdk/iam-v1/service_account";
import { FolderServiceService } from "@yandex-cloud/nodejs-sdk/resourcemanager-v1/folder_service";
import { AccessBindingAction } from "@yandex-cloud/nodejs-sdk/dist/generated/yandex/cloud/access/access";
import { grpcClient, startCloud } from "../../support/cloud";

describe("the way from nothing to an answered chat", () => {
  it("makes an account, its role and a key, and the key opens the chat", async () => {
    await using cloud = await startCloud();
    using accounts = grpcClient(cloud, ServiceAccountServiceService);
    using folders = grpcClient(cloud, FolderServiceService);
    using keys = grpcClient(cloud, ApiKeyServiceService);

    const made = await accounts.create({ folderId: cloud.folderId, name: "shop", description: "", labels: {} });
    const account = ServiceAccount.decode(made.response!.value);
    const subject = { id: account.id, type: "serviceAccount" };
    await folders.updateAccessBindings({
      resourceId: cloud.folderId,
      accessBindingDeltas: [
        { action: AccessBindingAction.ADD, accessBinding: { roleId: "ai.languageModels.user", subject } },
      ],
    });
    const key = await keys.create({
      serviceAccountId: account.id,
      description: "",
      scope: "",
      scopes: ["yc.ai.languageModels.execute"],
    });

    const client = new OpenAI({
      apiKey: key.secret,
      baseURL: `${cloud.url}/v1`,
      project: cloud.folderId,
      maxRetries: 0,
    });
    const model = `gpt://${cloud.folderId}/yandexgpt/latest`;
    const answer = await client.chat.completions.create({ model, messages: [{ role: "user", content: "Hello" }] });

    expect(answer.choices[0]?.message.content).toContain(model);
    expect(cloud.writes("ApiKeyService")).toEqual([`create ${key.apiKey?.id}`]);
    expect(cloud.dump()).not.toContain(key.secret);
  });
});
