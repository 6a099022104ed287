import { join } from "node:path";
import { startClone } from "../commands/clone";
import { leaksOf } from "../support/leakScan";

describe("a secret in the settings of an application", () => {
  let clone: ReturnType<typeof startClone>;
  beforeAll(async () => {
    clone = startClone();
    await clone.run("start");
  });
  afterAll(() => clone[Symbol.asyncDispose]());

  it("stays secret in the state, the outputs and the previews", async () => {
    const secret = "https://user:hunter2pass@proxy.example/v1";
    const setting = ["--path", "yandex-ai-access:apps.shop.baseUrl"];
    const set = await clone.run("pulumi", ["config", "set", "--secret", ...setting, secret, "--stack", "local"]);
    expect(set).toMatchObject({ code: 0 });

    const updated = await clone.run("pulumi", ["up", "--yes", "--skip-preview", "--stack", "local"]);
    const outputs = await clone.run("pulumi", ["stack", "output", "--stack", "local"]);
    const shown = await clone.run("pulumi", ["stack", "output", "shopBaseUrl", "--show-secrets", "--stack", "local"]);
    const exported = await clone.run("pulumi", ["stack", "export", "--stack", "local"]);
    await clone.run("pulumi", ["config", "rm", ...setting, "--stack", "local"]);
    const preview = await clone.run("pulumi", ["preview", "--diff", "--stack", "local"]);

    expect(updated.code).toBe(0);
    expect(shown.output).toContain(secret);
    expect(preview.output).toContain("shopBaseUrl");
    const texts = {
      outputs: outputs.output,
      exported: exported.output,
      preview: preview.output,
      updated: updated.output,
    };
    expect(await leaksOf("hunter2pass", join(clone.folder, ".work"), texts)).toEqual([]);
  });

  it("is refused by its place where it could not stay one", async () => {
    const setting = "yandex-ai-access:apps.shop.extraRoles[0]";
    await clone.run("pulumi", ["config", "set", "--secret", "--path", setting, "ai.hunter2pass", "--stack", "local"]);

    const { code, output } = await clone.run("pulumi", ["preview", "--stack", "local"]);

    expect(code).not.toBe(0);
    expect(output).toContain("stacks/Pulumi.local.yaml: apps.shop.extraRoles[0] cannot be secret");
    expect(output).not.toContain("hunter2pass");
  });
});
