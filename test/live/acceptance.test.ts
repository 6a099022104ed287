import { readdirSync } from "node:fs";
import { join } from "node:path";
import { startClone } from "../commands/clone";
import { startCloud } from "../support/cloud";
import type { Emulator } from "../../emulator/emulator";

const deployer = (cloud: Emulator) => ({
  YC_TOKEN: cloud.token,
  YC_ENDPOINT: cloud.endpoint,
  YC_AI_ENDPOINT: cloud.url,
  YC_PLAINTEXT: "true",
});

/** Some twenty-five runs of the engine, one after the other. */
jest.setTimeout(300_000);

/** What is there after a run, in the cloud and in the clone. */
const leftBy = (cloud: Emulator, folder: string) => [
  cloud.snapshot(),
  readdirSync(join(folder, "stacks")).filter((name) => name.includes("live")),
  readdirSync(join(folder, ".work", "live")),
];

describe("npm run live -- --acceptance", () => {
  it("does all that a user does, and leaves nothing", async () => {
    await using cloud = await startCloud({ switches: { operations: { ms: 20 } } });
    await using clone = startClone();
    const before = cloud.snapshot();

    const args = ["--folder", cloud.folderId, "--yes", "--acceptance"];
    const { code, output } = await clone.run("live", args, deployer(cloud));

    expect(output).not.toContain("FAILED");
    expect(output.match(/^ok /gm)).toHaveLength(11);
    expect(output).toMatch(/ok +destroys everything\nEverything that this run created is removed\.\n$/);
    expect(code).toBe(0);
    expect(leftBy(cloud, clone.folder)).toEqual([before, [], []]);
  });

  it("names the step that does not come out, and leaves nothing all the same", async () => {
    await using cloud = await startCloud();
    await using clone = startClone();
    const before = cloud.snapshot();
    cloud.fault({ method: "ApiKeyService/Create", code: "PERMISSION_DENIED", times: 9 });

    const args = ["--folder", cloud.folderId, "--yes", "--acceptance"];
    const { code, output } = await clone.run("live", args, deployer(cloud));

    expect(output).toMatch(/FAILED +creates account, role and key, and the key works\n +pulumi up ended with/);
    expect(output).not.toContain("ok       previews no change");
    expect(code).toBe(3);
    expect(leftBy(cloud, clone.folder)).toEqual([before, [], []]);
  });
});
