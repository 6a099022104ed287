import { ask } from "../../commands/stack/chat";
import { openApi } from "../support/api";
import { startCloud } from "../support/cloud";

describe("the question of npm start", () => {
  it("says what to do about a key that the cloud does not know, and does not show the key", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "sa-api", roles: ["ai.languageModels.user"] });
    const { id, secret } = cloud.addApiKey(account, { scopes: ["yc.ai.languageModels.execute"] });
    const shop = { name: "shop", apiKey: secret, folderId: cloud.folderId, baseUrl: `${cloud.url}/v1` };
    const talker = { ...shop, model: `gpt://${cloud.folderId}/yandexgpt/latest` };
    await expect(ask(talker, "Hello", "dev")).resolves.toContain("your key works");
    using api = openApi(cloud, "rest");
    await api.call("ApiKeyService/Delete", { apiKeyId: id });

    const refusal = await ask(talker, "Hello", "dev").catch(({ message }: Error) => message);

    expect(refusal).toMatch(
      / refused the key of shop: 401 .*\. If .* deleted .*: npm run pulumi -- up --refresh --stack dev$/s,
    );
    expect(refusal).not.toContain(secret);
  });
});
