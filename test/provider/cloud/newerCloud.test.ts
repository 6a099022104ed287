import * as yandex from "@pulumi/yandex";
import { startCloud } from "../../support/cloud";
import { type Change, startNewerCloud } from "../../support/newerCloud";
import { startStack } from "../../support/stack";

const program = (folderId: string, capability: string) => async () => {
  const account = new yandex.IamServiceAccount("app", { name: "shop-dev" });
  const grant = new yandex.ResourcemanagerFolderIamMember("app-text", {
    folderId,
    role: "ai.languageModels.user",
    member: account.id.apply((id) => `serviceAccount:${id}`),
  });
  const scopes = [`yc.ai.${capability}.execute`];
  const key = new yandex.IamServiceAccountApiKey(
    "app-key",
    { serviceAccountId: account.id, scopes },
    { dependsOn: grant },
  );
  return { keyId: key.id, secret: key.secretKey };
};

/** The same answers for the same seed: every answer, or one of two. */
const choices: [name: string, wants: (change: Change, at: number) => boolean][] = [
  ["every answer", () => true],
  ...[1, 2, 3].map((seed): [string, (change: Change, at: number) => boolean] => [
    `some answers (${seed})`,
    (_change, at) => (at * 2654435761 + seed * 40503) % 7 < 3,
  ]),
];

describe("a later version of the cloud's API", () => {
  it.each(choices)(
    "breaks nothing by unknown fields, enum values, error details and types in %s",
    async (name, wants) => {
      await using cloud = await startCloud({ switches: { operations: { polls: 1 } } });
      const before = cloud.snapshot();
      let at = 0;
      await using newer = await startNewerCloud(cloud, (change) => wants(change, at++));
      const address = { endpoint: newer.endpoint, url: cloud.url, token: cloud.token, folderId: cloud.folderId };
      await using stack = await startStack(address, program(cloud.folderId, "languageModels"));

      const { outputs } = await stack.up();
      expect(outputs["secret"]).toEqual({ value: expect.stringMatching(/^AQVN/), secret: true });
      expect((await stack.preview()).steps).toEqual({});
      expect((await stack.refresh()).steps).toEqual({});
      stack.program(program(cloud.folderId, "imageGeneration"));
      expect((await stack.up()).steps).toEqual({ "app-key": "update" });
      // Somebody else deletes the key, so that a refusal is among the answers.
      cloud.switches.operations = "atOnce";
      const key = `${cloud.url}/iam/v1/apiKeys/${String(outputs["keyId"]?.value)}`;
      await fetch(key, { method: "DELETE", headers: { authorization: `Bearer ${cloud.token}` } });
      await stack.refresh();
      expect((await stack.preview()).steps).toEqual({ "app-key": "create" });
      await stack.destroy();
      expect(cloud.snapshot()).toEqual(before);
      const kinds = Object.entries(newer.changed).flatMap(([kind, count]) => (count > 0 ? kind : []));
      if (name === "every answer") expect(kinds).toEqual(["fields", "enums", "details", "types"]);
    },
  );
});
