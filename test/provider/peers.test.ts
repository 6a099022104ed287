import { generateKeyPairSync } from "node:crypto";
import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../emulator/emulator";
import { startCloud } from "../support/cloud";
import { leaksOf } from "../support/leakScan";
import { startStack } from "../support/stack";

const TEXT = "ai.languageModels.user";
const scopes = ["yc.ai.languageModels.execute"];
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

const access = (folderId: string) => async () => {
  const account = new yandex.IamServiceAccount("app", { name: "shop-dev" });
  const member = account.id.apply((id) => `serviceAccount:${id}`);
  new yandex.ResourcemanagerFolderIamMember("grant", { folderId, role: TEXT, member });
  new yandex.IamServiceAccountApiKey("key", { serviceAccountId: account.id, scopes });
};

async function change(cloud: Emulator, keyId: string, body: object): Promise<void> {
  const headers = { authorization: `Bearer ${cloud.token}` };
  await fetch(`${cloud.url}/iam/v1/apiKeys/${keyId}`, { method: "PATCH", headers, body: JSON.stringify(body) });
}

// What other providers for this cloud were seen to do otherwise, as far as no other file shows it.
describe("unlike its peers, the provider", () => {
  it("previews what is new where no cloud answers", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, access(cloud.folderId), { env: { YC_ENDPOINT: "127.0.0.1:1" } });

    expect((await stack.preview()).steps).toEqual({ app: "create", grant: "create", key: "create" });

    expect(cloud.calls).toEqual([]);
  });

  it("has one key where a key can be made and not be read", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, access(cloud.folderId));
    cloud.fault({ method: "ApiKeyService/Get", code: "PERMISSION_DENIED" });

    await stack.tryUp();
    await stack.up();

    expect(cloud.snapshot().apiKeys).toHaveLength(1);
    await stack.destroy();
    expect(cloud.snapshot().apiKeys).toEqual([]);
  });

  it("notices that the expiry of a key was removed outside, and puts it right", async () => {
    await using cloud = await startCloud();
    const serviceAccountId = cloud.addAccount({ name: "app" });
    const expiresAt = "2099-01-01T00:00:00Z";
    await using stack = await startStack(cloud, async () => {
      new yandex.IamServiceAccountApiKey("key", { serviceAccountId, scopes, expiresAt });
    });
    await stack.up();
    const { id } = cloud.snapshot().apiKeys[0]!;
    await change(cloud, id, { updateMask: "expiresAt" });
    expect(cloud.snapshot().apiKeys[0]).not.toHaveProperty("expiresAt");

    expect((await stack.preview({ refresh: true })).steps).toEqual({ key: "update" });
    await stack.up({ refresh: true });

    expect(cloud.snapshot().apiKeys).toMatchObject([{ id, expiresAt: "2099-01-01T00:00:00.000Z" }]);
  });

  it.each(["/", ","])("imports a grant by its ID with %j between the parts", async (mark) => {
    await using cloud = await startCloud();
    const { folderId } = cloud;
    const member = `serviceAccount:${cloud.addAccount({ name: "app", roles: [TEXT] })}`;
    await using stack = await startStack(cloud, async () => {
      const options = { import: [folderId, TEXT, member].join(mark) };
      new yandex.ResourcemanagerFolderIamMember("grant", { folderId, role: TEXT, member }, options);
    });

    expect((await stack.up()).steps).toEqual({ grant: "import" });

    expect(cloud.writes("FolderService")).toEqual([]);
    expect((await stack.resources()).grant?.id).toBe(`${folderId}/${TEXT}/${member}`);
  });

  it("shows a key of a service account that it signs in with neither in the state nor in a preview", async () => {
    await using cloud = await startCloud();
    const deployer = cloud.addAccount({ name: "deployer", roles: ["admin"] });
    const id = cloud.addAuthorizedKey(deployer, publicKey.export({ type: "spki", format: "pem" }).toString());
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const serviceAccountKeyFile = JSON.stringify({ id, service_account_id: deployer, private_key: pem });
    const program = async () => {
      const provider = new yandex.Provider("deployer", { serviceAccountKeyFile });
      new yandex.IamServiceAccount("app", { name: "shop-dev", folderId: cloud.folderId }, { provider });
    };
    await using stack = await startStack(cloud, program, { env: { YC_TOKEN: undefined } });

    await stack.preview();
    await stack.up();

    const line = pem.split("\n")[10]!;
    expect(line).toHaveLength(64);
    expect(await leaksOf(line, stack.folder, { printed: stack.printed() })).toEqual([]);
    expect(cloud.snapshot().accounts.map(({ name }) => name)).toContain("shop-dev");
  });
});
