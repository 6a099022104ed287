import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { startReader } from "../docs/document";
import { chat } from "../support/access";
import { openApi } from "../support/api";
import { startCloud } from "../support/cloud";

jest.setTimeout(300_000);

describe("npm run adopt", () => {
  it("prints settings that keep account and old key of the guide, declare its roles and make a new key", async () => {
    await using cloud = await startCloud();
    await using reader = startReader(cloud);
    using api = openApi(cloud, "rest");
    const roles = ["ai.languageModels.user", "ai.imageGeneration.user"];
    const account = cloud.addAccount({ name: "sa-api", roles });
    // As the guide's curl does: without scopes and expiry.
    const { apiKey: old, secret } = await api.call("ApiKeyService/Create", { serviceAccountId: account });

    const printed = await reader.sh(`npm run adopt -- --key ${old.id}`);
    const file = join(reader.folder, "stacks", "Pulumi.dev.yaml");
    const stack = parse(readFileSync(file, "utf8"));
    stack.config["yandex-ai-access:apps"] = parse(printed.output);
    writeFileSync(file, stringify(stack));
    const up = await reader.sh("npm start -- --stack dev --yes");
    const fresh = (
      await reader.sh("npm run pulumi -- stack output saApiApiKey --show-secrets --stack dev")
    ).output.trim();

    expect(printed.code).toBe(0);
    expect(printed.output).not.toContain(secret);
    expect(up.code).toBe(0);
    expect(up.output).not.toMatch(/replac|delet/i);
    expect(cloud.snapshot().accounts.map(({ id }) => id)).toEqual([account]);
    expect(fresh).toMatch(/^AQVN/);
    expect([await chat(cloud, secret), await chat(cloud, fresh)]).toEqual(["200", "200"]);
  });
});
