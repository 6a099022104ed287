import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { startStack } from "../../support/stack";
import { startTimeLimit, type World } from "../../../provider/world";

const NAMES = ["one", "two", "three", "four", "five", "six"];
const ALL_NEW = Object.fromEntries(NAMES.map((name) => [name, "create"]));
/** Each account depends on the one before it, so a preview asks about one after the other. */
const chain = async () => {
  let before: yandex.IamServiceAccount | undefined;
  for (const name of NAMES) {
    before = new yandex.IamServiceAccount(name, { name: `shop-${name}` }, { dependsOn: before });
  }
};

/** Limits that end ten times as early; those that ended, as the provider asked for them. */
function shortLimits() {
  const ended: number[] = [];
  const timeLimit: World["timeLimit"] = (ms) => {
    const limit = startTimeLimit(ms / 10);
    limit.signal.addEventListener("abort", () => ended.push(ms));
    return limit;
  };
  return { ended, timeLimit };
}

describe("a preview where no cloud answers", () => {
  const silences: [what: string, endpoint: string | undefined, hush: (cloud: Emulator) => void][] = [
    ["nothing listens", "127.0.0.1:1", () => {}],
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
      "each answer is UNAVAILABLE",
      undefined,
      (cloud) => cloud.fault({ method: "*", code: "UNAVAILABLE", times: "always" }),
    ],
  ];

  it.each(silences)(
    "waits three seconds at most, once for all resources, and shows what is new: %s",
    async (_what, YC_ENDPOINT, hush) => {
      await using cloud = await startCloud();
      hush(cloud);
      const env = YC_ENDPOINT ? { YC_ENDPOINT } : {};
      const { ended, timeLimit } = shortLimits();
      await using stack = await startStack(cloud, chain, { env, timeLimit });

      const { steps, output } = await stack.preview();

      expect(steps).toEqual(ALL_NEW);
      expect(output).not.toMatch(/warning|error/i);
      expect([[], [3_000]]).toContainEqual(ended);
    },
  );

  it("rejects an input that can be checked without the cloud", async () => {
    await using cloud = await startCloud();
    const program = async () => {
      const key = { serviceAccountId: "aje00000000000000001", scopes: ["yc.ai.languageModels.execute"] };
      new yandex.IamServiceAccountApiKey("key", { ...key, pgpKey: "no key" });
    };
    await using stack = await startStack(cloud, program, { env: { YC_ENDPOINT: "127.0.0.1:1" } });

    expect((await stack.tryPreview()).error).toContain("pgpKey is not an OpenPGP public key");
  });

  it("asks again after one answer UNAVAILABLE", async () => {
    await using cloud = await startCloud();
    cloud.fault({ method: "FolderService/Get", code: "UNAVAILABLE" });
    const folderId = "b1g00000000000000009";
    await using stack = await startStack(cloud, async () => {
      new yandex.IamServiceAccount("app", { name: "shop-dev", folderId });
    });

    expect((await stack.tryPreview()).error).toContain(`folderId ${folderId} does not exist`);
  });
});
