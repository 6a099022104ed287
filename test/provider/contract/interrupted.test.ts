import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { leaksOf } from "../../support/leakScan";
import { until } from "../../support/until";
import { startProject } from "../../support/project";

const program = (folderId: string) => `
  const yandex = require("@pulumi/yandex");
  const account = new yandex.IamServiceAccount("app", { name: "shop-dev" });
  const member = account.id.apply((id) => "serviceAccount:" + id);
  const args = { folderId: "${folderId}", role: "ai.languageModels.user", member };
  const grant = new yandex.ResourcemanagerFolderIamMember("grant", args);
  const scopes = ["yc.ai.languageModels.execute"];
  const options = { dependsOn: grant };
  const key = new yandex.IamServiceAccountApiKey("key", { serviceAccountId: account.id, scopes }, options);
  exports.account = account.id;
  exports.key = key.id;
  exports.secret = key.secretKey;
`;

const CREATIONS = {
  "the account": "ServiceAccountService/Create",
  "the grant": "FolderService/UpdateAccessBindings",
  "the key": "ApiKeyService/Create",
};

const answered = (cloud: Emulator, method: string) => () => cloud.calls.some((call) => call.method === method);

/** The cloud has one account, one grant and one key, and they are those of the stack. */
async function expectOneOfEach(cloud: Emulator, outputs: Record<string, string>): Promise<void> {
  const { accounts, grants, apiKeys } = cloud.snapshot();
  expect(accounts.map(({ id }) => id)).toEqual([outputs.account]);
  expect(grants.filter(({ subjectId }) => subjectId === outputs.account)).toHaveLength(1);
  expect(apiKeys.map(({ id }) => id)).toEqual([outputs.key]);
  const masked = apiKeys[0]?.maskedSecret.replace(/^\*+/, "") ?? "-";
  expect(outputs.secret?.endsWith(masked)).toBe(true);
}

// Case 20.
describe("a run that Ctrl-C ends", () => {
  const yes = ["--yes", "--skip-preview"];

  it("ends soon while the cloud has a resource and does not answer, and the next run has one of it", async () => {
    await using cloud = await startCloud();
    const before = cloud.snapshot();
    await using project = await startProject(cloud, program(cloud.folderId));
    const made = {
      "the account": () => cloud.snapshot().accounts.length > 0,
      "the grant": () => cloud.snapshot().grants.length > 1,
      "the key": () => cloud.snapshot().apiKeys.length > 0,
    };
    const printed: Record<string, string> = {};

    // Each run goes on after the one before, up to the next resource.
    for (const what of ["the account", "the grant", "the key"] as const) {
      cloud.fault({ method: CREATIONS[what], when: "after", hang: true, times: "always" });
      const hands = new AbortController();

      const run = project.run(["up", ...yes], hands.signal);
      await until(made[what], run);
      hands.abort();
      const { code, output } = await run;

      printed[what] = output;
      expect([what, code]).not.toEqual([what, 0]);
      expect(output).toMatch(/: the call was cut off: interrupted \(CANCELLED/);
      expect(output).not.toMatch(/panic|exited prematurely/);
      // What was asked for once was not asked for again behind the user's back.
      expect(cloud.calls.filter(({ method }) => method === CREATIONS[what])).toHaveLength(1);
      cloud.clearFaults();
    }

    await project.run(["up", ...yes]);
    const outputs = await project.outputs();
    await expectOneOfEach(cloud, outputs);
    expect((await project.run(["preview", "--expect-no-changes"])).code).toBe(0);
    expect(await leaksOf(outputs.secret!, project.folder, printed)).toEqual([]);
    await project.run(["destroy", ...yes]);
    expect(cloud.snapshot()).toEqual(before);
  });

  it("ends at once while the cloud is at work, and the next run continues it", async () => {
    await using cloud = await startCloud({ switches: { operations: { ms: 60_000 } } });
    const before = cloud.snapshot();
    await using project = await startProject(cloud, program(cloud.folderId));

    for (const what of ["the account", "the grant"] as const) {
      const hands = new AbortController();

      const run = project.run(["up", ...yes], hands.signal);
      await until(answered(cloud, CREATIONS[what]), run);
      hands.abort();
      const { code, output } = await run;

      expect([what, code]).not.toEqual([what, 0]);
      expect(output).toMatch(/the provider stopped waiting for it: interrupted; it may still go on in the cloud/);
      cloud.clock.advance(60_000);
    }

    cloud.switches.operations = "atOnce";
    await project.run(["up", ...yes]);
    await expectOneOfEach(cloud, await project.outputs());
    expect((await project.run(["preview", "--expect-no-changes"])).code).toBe(0);
    await project.run(["destroy", ...yes]);
    expect(cloud.snapshot()).toEqual(before);
  });
});
