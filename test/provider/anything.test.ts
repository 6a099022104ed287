import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../emulator/emulator";
import { startCloud } from "../support/cloud";
import { leaksOf } from "../support/leakScan";
import { startStack } from "../support/stack";
import { fc, runs } from "../support/properties";

/** What a program wants: an account, some of its roles under names that may change, and a key. */
interface Wanted {
  description: string;
  grants: Record<string, string>;
  key?: { scopes: string[]; expiresAt?: string };
}

const ROLES = ["ai.languageModels.user", "ai.imageGeneration.user", "ai.translate.user"];
const SCOPES = ["yc.ai.languageModels.execute", "yc.ai.imageGeneration.execute", "yc.ai.translate.execute"];

const wanted: fc.Arbitrary<Wanted> = fc.record(
  {
    description: fc.constantFrom("", "one", "two"),
    // Few names and few roles, so that two resources often declare the same grant and one often changes its role.
    grants: fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constantFrom(...ROLES), { maxKeys: 3 }),
    key: fc.record(
      {
        scopes: fc.subarray(SCOPES, { minLength: 1 }),
        expiresAt: fc.constantFrom("2090-01-01T00:00:00Z", "2091-01-01T03:00:00+03:00"),
      },
      { requiredKeys: ["scopes"] },
    ),
  },
  { requiredKeys: ["description", "grants"] },
);

const fault: fc.Arbitrary<Parameters<Emulator["fault"]>[0]> = fc.record({
  method: fc.constantFrom(
    "ServiceAccountService/Create",
    "ServiceAccountService/Update",
    "ServiceAccountService/Delete",
    "FolderService/UpdateAccessBindings",
    "FolderService/ListAccessBindings",
    "ApiKeyService/Create",
    "ApiKeyService/Update",
    "ApiKeyService/Delete",
    "ApiKeyService/List",
    "OperationService/Get",
  ),
  code: fc.constantFrom("UNAVAILABLE", "INTERNAL", "PERMISSION_DENIED", "ABORTED", "RESOURCE_EXHAUSTED"),
  when: fc.constantFrom("before", "after"),
  times: fc.integer({ min: 1, max: 8 }),
  skip: fc.integer({ min: 0, max: 2 }),
});

const step = fc.record({ wanted, faults: fc.array(fault, { maxLength: 2 }) });

const program =
  (folderId: string, { description, grants, key }: Wanted) =>
  async () => {
    const account = new yandex.IamServiceAccount("app", { name: "shop-dev", description });
    const member = account.id.apply((id) => `serviceAccount:${id}`);
    const made = Object.entries(grants).map(
      ([name, role]) => new yandex.ResourcemanagerFolderIamMember(name, { folderId, role, member }),
    );
    const apiKey =
      key && new yandex.IamServiceAccountApiKey("key", { serviceAccountId: account.id, ...key }, { dependsOn: made });
    return { account: account.id, key: apiKey?.id ?? "", secret: apiKey?.secretKey ?? "" };
  };

describe("whatever is declared, and whatever fails on the way", () => {
  it("ends as declared, with nothing lost, nothing left over and nothing shown", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 3 }), async (steps) => {
        // An operation whose answer is lost ends by itself, as in the cloud, whether anybody asks for it or not.
        await using cloud = await startCloud({ switches: { operations: { ms: 20 } } });
        const before = cloud.snapshot();
        const last = steps.at(-1)!.wanted;
        await using stack = await startStack(cloud, program(cloud.folderId, last), {
          // Fewer repeats, so that more comes to light in less time.
          config: { "yandex:maxRetries": "1" },
        });

        for (const { wanted, faults } of steps) {
          stack.program(program(cloud.folderId, wanted));
          faults.forEach(cloud.fault);
          await stack.tryUp();
          cloud.clearFaults();
        }
        const { outputs } = await stack.up();
        expect((await stack.preview()).steps).toEqual({});
        expect((await stack.refresh()).steps).toEqual({});

        const after = cloud.snapshot();
        const own = after.grants.filter(({ subjectId }) => subjectId === outputs.account?.value);
        expect(after.accounts.map(({ id }) => id)).toEqual([outputs.account?.value]);
        expect(own.map(({ roleId }) => roleId).sort()).toEqual([...new Set(Object.values(last.grants))].sort());
        expect(after.apiKeys.map(({ id }) => id)).toEqual(last.key ? [outputs.key?.value] : []);
        if (last.key) {
          const secret = String(outputs.secret?.value);
          expect(await leaksOf(secret, stack.folder, { printed: stack.printed(), cloud: cloud.dump() })).toEqual([]);
        }
        await stack.destroy();
        expect(cloud.snapshot()).toEqual(before);
      }),
      { numRuns: runs(4), interruptAfterTimeLimit: 600_000 },
    );
  }, 900_000);
});
