import { readFileSync } from "node:fs";
import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../emulator/emulator";
import { resources } from "../../provider/resources";
import { schema } from "../../provider/schema";
import { authorizedKey } from "../support/authorizedKey";
import { startCloud } from "../support/cloud";
import { leaksOf } from "../support/leakScan";
import { startStack } from "../support/stack";

const TEXT = "ai.languageModels.user";
const scopes = ["yc.ai.languageModels.execute"];

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

  it.each(["2099-01-01T03:00:00.123456789+03:00", "2098-12-31t19:00:00.5-05:00"])(
    "sees no difference in a moment that the cloud writes otherwise: %s",
    async (expiresAt) => {
      await using cloud = await startCloud();
      const serviceAccountId = cloud.addAccount({ name: "app" });
      await using stack = await startStack(cloud, async () => {
        new yandex.IamServiceAccountApiKey("key", { serviceAccountId, scopes, expiresAt });
      });
      await stack.up();

      expect((await stack.refresh()).steps).toEqual({});
      expect((await stack.preview()).steps).toEqual({});

      expect((await stack.resources()).key?.outputs.expiresAt).toBe(expiresAt);
    },
  );

  it("keeps in the state what the schema names, and neither a time that was not given nor notes of its own", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, access(cloud.folderId));
    await stack.up({ refresh: true });
    await stack.up({ refresh: true });

    const { app, grant, key } = await stack.resources();

    for (const resource of [app!, grant!, key!]) {
      const named = Object.keys(resources[resource.type]!.properties);
      expect([...named, "id"]).toEqual(expect.arrayContaining(Object.keys(resource.outputs)));
      expect(named).toEqual(expect.arrayContaining(Object.keys(resource.inputs)));
    }
    expect(key?.outputs).not.toHaveProperty("expiresAt");
    expect(JSON.stringify(await stack.engine.exportStack())).not.toContain("1970-01-01");
  });

  it("leaves no path of this machine in the state, and has no use for settings of another cloud", async () => {
    await using cloud = await startCloud();
    const env = { AWS_CA_BUNDLE: "/there/is/no/such/file.pem" };
    await using stack = await startStack(cloud, access(cloud.folderId), { plugin: true, env });

    await stack.up();

    // Beside inputs and outputs the engine itself notes where in the program a resource was declared.
    const kept = Object.values(await stack.resources()).map(({ inputs, outputs }) => ({ inputs, outputs }));
    expect(kept).toHaveLength(5);
    expect(JSON.stringify(kept)).not.toContain(process.cwd());
  });

  it("calls its package by its name and version, and documents it without markup", () => {
    const sdk = JSON.parse(readFileSync("sdks/yandex/package.json", "utf8")) as Record<string, unknown>;

    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    expect(sdk).toMatchObject({ name: "@pulumi/yandex", version, pulumi: { name: "yandex", version } });
    expect(JSON.stringify(sdk)).not.toMatch(/parameterization|\/root|\/home/);
    expect(JSON.stringify(schema())).not.toMatch(/<\/?\w+[^>]*pulumi-lang|<span/);
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
    const serviceAccountKeyFile = authorizedKey(cloud, deployer);
    const program = async () => {
      const provider = new yandex.Provider("deployer", { serviceAccountKeyFile });
      new yandex.IamServiceAccount("app", { name: "shop-dev", folderId: cloud.folderId }, { provider });
    };
    await using stack = await startStack(cloud, program, { env: { YC_TOKEN: undefined } });

    await stack.preview();
    await stack.up();

    const line = serviceAccountKeyFile.split("\\n")[10]!;
    expect(line).toHaveLength(64);
    expect(await leaksOf(line, stack.folder, { printed: stack.printed() })).toEqual([]);
    expect(cloud.snapshot().accounts.map(({ name }) => name)).toContain("shop-dev");
  });
});
