import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { startReader } from "../docs/document";
import { chat } from "../support/access";
import { openApi } from "../support/api";
import { startCloud } from "../support/cloud";

/** What a preview would do to each resource, by its name; what stays is left out. */
const plan = (digest: string): string[] =>
  (JSON.parse(digest) as { steps: { op: string; urn: string }[] }).steps
    .filter(({ op }) => op !== "same")
    .map(({ op, urn }) => `${op} ${urn.split(":").slice(-3).join(" ").replace("  ", " ")}`)
    .sort();

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

  it("prints lines that import the roles, after which the plan creates a key and nothing else", async () => {
    await using cloud = await startCloud();
    await using reader = startReader(cloud);
    const roles = ["ai.languageModels.user", "ai.imageGeneration.user"];
    const account = cloud.addAccount({ name: "sa-api", roles });
    const old = cloud.addApiKey(account, {
      scopes: ["yc.ai.languageModels.execute", "yc.ai.imageGeneration.execute"],
    });
    const { grants } = cloud.snapshot();

    const printed = await reader.sh(`npm run adopt -- --key ${old.id} --stack dev`);
    const file = join(reader.folder, "stacks", "Pulumi.dev.yaml");
    const stack = parse(readFileSync(file, "utf8"));
    stack.config["yandex-ai-access:apps"] = parse(printed.output);
    writeFileSync(file, stringify(stack));
    const lines = Array.from(printed.output.matchAll(/^# (npm run .+)$/gm), ([, line]) => line);
    const imported = await reader.sh(["npm run pulumi -- stack init dev", ...lines].join("\n"));
    const digest = await reader.sh("npm run --silent pulumi -- preview --stack dev --json --show-sames");
    const up = await reader.sh("npm start -- --stack dev --yes");
    const again = await reader.sh("npm run --silent pulumi -- preview --stack dev --json --show-sames");

    expect(lines).toHaveLength(2);
    expect(imported).toMatchObject({ code: 0 });
    expect(imported.output).toContain("= 3 imported\n");
    expect(imported.output).not.toMatch(/updated|deleted|replaced/);
    expect(plan(digest.output)).toEqual([
      expect.stringMatching(/^create AiStudioKeyValidation sa-api-\d{4}-\d\d-\d\d$/),
      expect.stringMatching(/^create IamServiceAccountApiKey sa-api-\d{4}-\d\d-\d\d$/),
    ]);
    expect(up).toMatchObject({ code: 0 });
    expect(plan(again.output)).toEqual([]);
    expect(cloud.snapshot()).toMatchObject({ grants, accounts: [{ id: account }] });
    expect(cloud.snapshot().apiKeys.map(({ id }) => id)).toContain(old.id);
    expect(await chat(cloud, old.secret)).toBe("200");

    const [fresh] = cloud.snapshot().apiKeys.filter(({ id }) => id !== old.id);
    const { output } = await reader.sh(`npm run inventory -- --folder ${cloud.folderId} --fail-on never`);
    const findings = output.slice(output.search(/^(?:HIGH|MEDIUM|LOW)$/m));
    expect(findings).toContain(old.id);
    expect(findings).not.toContain(fresh!.id);
  });
});
