import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { startStack } from "../../support/stack";
import type { Plan, Stack } from "../../support/stack";

const NAMES = ["one", "two", "three", "four", "five", "six"];
const ALL_NEW = Object.fromEntries(NAMES.map((name) => [name, "create"]));
/** Three seconds and more for each of the accounts, one after the other, is what it must not take. */
const SHORT_MS = 16_000;

/** Accounts that are made one after the other, so that a preview asks about one after the other. */
const chain = async () => {
  let before: yandex.IamServiceAccount | undefined;
  for (const name of NAMES) {
    before = new yandex.IamServiceAccount(name, { name: `shop-${name}` }, { dependsOn: before });
  }
};

async function timed(stack: Stack): Promise<Plan & { ms: number }> {
  const started = performance.now();
  const plan = await stack.preview();
  return { ...plan, ms: performance.now() - started };
}

describe("a preview where no cloud answers", () => {
  const silences: [what: string, endpoint: string | undefined, hush: (cloud: Emulator) => void][] = [
    ["nobody can be reached", "127.0.0.1:1", () => {}],
    [
      "nothing is answered",
      undefined,
      (cloud) => cloud.fault({ method: "ApiEndpointService/List", hang: true, times: "always" }),
    ],
    [
      "only the directory answers",
      undefined,
      (cloud) => cloud.fault({ method: "FolderService/Get", hang: true, times: "always" }),
    ],
    [
      "each answer is that it is not available",
      undefined,
      (cloud) => cloud.fault({ method: "*", code: "UNAVAILABLE", times: "always" }),
    ],
  ];

  it.each(silences)("waits once and briefly, and shows what is new: %s", async (_what, YC_ENDPOINT, hush) => {
    await using cloud = await startCloud();
    hush(cloud);
    const env = YC_ENDPOINT ? { YC_ENDPOINT } : {};
    await using stack = await startStack(cloud, chain, { env });

    const { steps, output, ms } = await timed(stack);

    expect(steps).toEqual(ALL_NEW);
    expect(output).not.toMatch(/warning|error/i);
    expect(ms).toBeLessThan(SHORT_MS);
  });

  it("refuses mistakes that are seen without a cloud", async () => {
    await using cloud = await startCloud();
    const program = async () => {
      const key = { serviceAccountId: "aje00000000000000001", scopes: ["yc.ai.languageModels.execute"] };
      new yandex.IamServiceAccountApiKey("key", { ...key, pgpKey: "no key" });
    };
    await using stack = await startStack(cloud, program, { env: { YC_ENDPOINT: "127.0.0.1:1" } });

    expect((await stack.tryPreview()).error).toContain("pgpKey is not an OpenPGP public key");
  });

  it("asks again where the cloud was away for a moment only", async () => {
    await using cloud = await startCloud();
    cloud.fault({ method: "FolderService/Get", code: "UNAVAILABLE" });
    const folderId = "b1g00000000000000009";
    await using stack = await startStack(cloud, async () => {
      new yandex.IamServiceAccount("app", { name: "shop-dev", folderId });
    });

    expect((await stack.tryPreview()).error).toContain(`folderId ${folderId} does not exist`);
  });
});
