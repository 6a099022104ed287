import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { defaultSwitches } from "../../emulator/switches";
import { startCloud } from "../support/cloud";
import { startClone } from "./clone";

const SIZE = 30;

describe("npm run pulumi -- up of many applications", () => {
  it("ends with the one error where the cloud refuses one account, and with nothing of the engine's own end", async () => {
    await using cloud = await startCloud({
      switches: { quotas: { ...defaultSwitches.quotas, serviceAccounts: SIZE - 1 } },
    });
    await using clone = startClone();
    const names = Array.from({ length: SIZE }, (_, at) => `app${at}`);
    const apps = names.map((name) => `    ${name}:\n      capabilities: [textGeneration]\n`).join("");
    writeFileSync(
      join(clone.folder, "stacks", "Pulumi.dev.yaml"),
      `config:\n  yandex:folderId: ${cloud.folderId}\n  yandex-ai-access:apps:\n${apps}`,
    );
    const env = {
      PULUMI_CONFIG_PASSPHRASE: "a passphrase for tests",
      YC_ENDPOINT: cloud.endpoint,
      YC_PLAINTEXT: "true",
      YC_AI_ENDPOINT: cloud.url,
      YC_TOKEN: cloud.token,
    };
    await clone.run("pulumi", ["stack", "init", "dev"], env);
    const { code, output } = await clone.run("pulumi", ["up", "--yes", "--skip-preview", "--stack", "dev"], env);

    expect(code).not.toBe(0);
    const [, diagnostics = ""] = output.split("Diagnostics:\n");
    expect(diagnostics.match(/^ +error: .*$/gm)?.sort()).toEqual([
      expect.stringMatching(/ service account app\d+-dev-\w+: .*quota iam\.serviceAccounts\.count is used up/),
      expect.stringMatching(/ update failed$/),
    ]);
    expect(output).not.toMatch(/deliver|[Ss]hut ?down|terminating|[Uu]nhandled|Error:|\n\s+at /);
    expect(cloud.snapshot().accounts).toHaveLength(SIZE - 1);
  });
});
