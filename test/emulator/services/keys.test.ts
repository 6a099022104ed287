import { createPublicKey } from "node:crypto";
import { openApi } from "../../support/api";
import { startCloud } from "../../support/cloud";

describe("an authorized key", () => {
  it("is made while the process goes on with other work", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, "grpc");
    const serviceAccountId = cloud.addAccount({ name: "shop" });
    let isMade = false;

    const [began, request] = [performance.now(), { serviceAccountId, keyAlgorithm: "RSA_4096" }];
    const made = api.call("KeyService/Create", request).finally(() => (isMade = true));
    let [longest, last] = [0, began];
    while (!isMade) {
      await new Promise(setImmediate);
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }

    expect((await made).privateKey).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    // Of one process: made by it itself, the key takes nearly all of the time in one piece.
    expect(longest / (last - began)).toBeLessThan(0.6);
  });

  it.each([
    ["RSA_2048", 2048],
    ["RSA_4096", 4096],
  ])("is as long as %s says", async (keyAlgorithm, bits) => {
    await using cloud = await startCloud();
    using api = openApi(cloud, "rest");
    const serviceAccountId = cloud.addAccount({ name: "shop" });

    const { key } = await api.call("KeyService/Create", { serviceAccountId, keyAlgorithm });

    const { asymmetricKeyDetails } = createPublicKey((key as { publicKey: string }).publicKey);
    expect(asymmetricKeyDetails?.modulusLength).toBe(bits);
  });

  it("is refused with an algorithm that nobody knows", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, "rest");
    const serviceAccountId = cloud.addAccount({ name: "shop" });

    expect(await api.refusal("KeyService/Create", { serviceAccountId, keyAlgorithm: "BOGUS" })).toBe(
      "INVALID_ARGUMENT Request does not fit its definition: key_algorithm",
    );
    expect(await api.refusal("KeyService/Create", { serviceAccountId, keyAlgorithm: 99 })).toMatch(
      /^INVALID_ARGUMENT .*keyAlgorithm: Unknown algorithm$/,
    );
  });
});
