import * as yandex from "@pulumi/yandex";
import { generateKey, readKey, readMessage, readPrivateKey, decrypt } from "openpgp";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { leaksOf } from "../../support/leakScan";
import { startStack } from "../../support/stack";

const TEXT = "yc.ai.languageModels.execute";
const IMAGES = "yc.ai.imageGeneration.execute";
const DAY = 24 * 60 * 60 * 1000;

const key =
  (serviceAccountId: string, args: Partial<yandex.IamServiceAccountApiKeyArgs> = {}) =>
  async () => {
    const made = new yandex.IamServiceAccountApiKey("key", { serviceAccountId, scopes: [TEXT], ...args });
    const { secretKey: secret, encryptedSecretKey: encrypted, keyFingerprint: fingerprint } = made;
    return { id: made.id, secret, encrypted, fingerprint };
  };

const live = (cloud: Emulator) => cloud.snapshot().apiKeys;

describe("IamServiceAccountApiKey", () => {
  it("changes description, scopes and expiry in place, and keeps its secret", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app" });
    await using stack = await startStack(cloud, key(account, { expiresAt: "2030-01-01T00:00:00Z" }));
    const before = (await stack.up()).outputs;
    const changes: [Partial<yandex.IamServiceAccountApiKeyArgs>, string][] = [
      [{ description: "new" }, "description"],
      [{ scopes: [TEXT, IMAGES] }, "scopes"],
      [{ expiresAt: "2031-01-01T00:00:00Z" }, "expiresAt"],
    ];

    let wanted: Partial<yandex.IamServiceAccountApiKeyArgs> = { expiresAt: "2030-01-01T00:00:00Z" };
    for (const [change, property] of changes) {
      wanted = { ...wanted, ...change };
      stack.program(key(account, wanted));
      expect(await stack.preview()).toMatchObject({ steps: { key: "update" }, diffs: { key: [property] } });
      await stack.up();
      expect((await stack.refresh()).steps).toEqual({});
    }

    const [after] = live(cloud);
    expect(after).toMatchObject({
      id: before.id?.value,
      scopes: [IMAGES, TEXT],
      expiresAt: "2031-01-01T00:00:00.000Z",
    });
    expect((await stack.outputs()).secret).toEqual(before.secret);
  });

  // Case 30.
  it("knows equal moments and sets, and clears an expiry as previewed", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app" });
    const scopes = [TEXT, IMAGES];
    await using stack = await startStack(cloud, key(account, { scopes, expiresAt: "2030-01-01T03:00:00.000+03:00" }));
    await stack.up();
    expect((await stack.up({ refresh: true })).steps).toEqual({});

    stack.program(key(account, { scopes: [...scopes].reverse(), expiresAt: "2030-01-01T00:00:00Z" }));
    expect((await stack.preview()).steps).toEqual({});
    stack.program(key(account, { scopes }));
    expect((await stack.preview()).steps).toEqual({ key: "update" });
    await stack.up();

    expect(live(cloud)[0]).not.toHaveProperty("expiresAt");
    expect((await stack.refresh()).steps).toEqual({});
  });

  // Cases 29 and 36.
  it("is announced before it expires and after, and replaced for a later expiry", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app", roles: ["ai.languageModels.user"] });
    const expiresAt = new Date(cloud.clock.now() + 20 * DAY).toISOString();
    await using stack = await startStack(cloud, key(account, { expiresAt }), { now: cloud.clock.now });
    const { outputs } = await stack.up();
    await fetch(`${cloud.url}/v1/models`, { headers: { authorization: `Bearer ${outputs.secret?.value}` } });
    expect((await stack.refresh()).steps).toEqual({});

    const later = async (days: number) => {
      cloud.clock.advance(days * DAY);
      stack.setEnv({ YC_TOKEN: cloud.addToken(cloud.deployerId) });
      return stack.preview();
    };
    expect((await later(10)).output).toContain(`this key expires at ${expiresAt}, in less than 10 days`);
    const after = await later(11);
    expect(after.output).toContain(`this key expired at ${expiresAt}`);
    expect(after.steps).toEqual({});

    const renewed = new Date(cloud.clock.now() + 90 * DAY).toISOString();
    stack.program(key(account, { expiresAt: renewed }));
    expect((await stack.preview()).steps).toEqual({ key: "replace" });
    await stack.up();
    expect(live(cloud)).toEqual([expect.objectContaining({ expiresAt: renewed })]);
  });

  // Case 33.
  it("is not made for everything by an empty list, unless that is asked for", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app" });
    await using stack = await startStack(cloud, key(account, { scopes: [] }));
    expect((await stack.tryPreview()).error).toMatch(/scopes.*is empty; name what the key is for/);

    stack.program(key(account, { scopes: undefined, defaultScopes: true }));
    await stack.up();
    expect((await stack.up({ refresh: true })).steps).toEqual({});
    expect(live(cloud)[0]?.scopes.length).toBeGreaterThan(5);
  });

  // Case 33. The cloud has no update that removes the last scope.
  it("is refused in the preview when its scopes are removed, and replaced when that is meant", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app" });
    await using stack = await startStack(cloud, key(account));
    const before = (await stack.up()).outputs.id?.value;

    stack.program(key(account, { scopes: undefined }));
    expect((await stack.tryPreview()).error).toMatch(/scopes.*is empty; name what the key is for/);
    stack.program(key(account, { scopes: undefined, defaultScopes: true }));
    expect((await stack.preview()).steps).toEqual({ key: "replace" });
    const after = (await stack.up()).outputs.id?.value;

    expect(after).not.toBe(before);
    expect(live(cloud).map(({ id }) => id)).toEqual([after]);
  });

  // Case 38.
  it("is created again when somebody deleted it, and deleted quietly when it no longer exists", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app" });
    await using stack = await startStack(cloud, key(account));
    const remove = async () => {
      const headers = { authorization: `Bearer ${cloud.token}` };
      await fetch(`${cloud.url}/iam/v1/apiKeys/${live(cloud)[0]?.id}`, { method: "DELETE", headers });
    };
    await stack.up();

    await remove();
    const repaired = await stack.up({ refresh: true });
    expect(live(cloud).map(({ id }) => id)).toEqual([repaired.outputs.id?.value]);
    await remove();
    const { output } = await stack.destroy();

    expect(output).not.toMatch(/warning|error/i);
  });

  // Case 25.
  it("cannot be imported, and says why", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app" });
    const { id } = cloud.addApiKey(account);
    const imported = async () => {
      new yandex.IamServiceAccountApiKey("key", { serviceAccountId: account, scopes: [TEXT] }, { import: id });
    };
    await using stack = await startStack(cloud, imported);

    expect((await stack.tryPreview()).error).toContain("the cloud tells its secret only once");
  });

  it("is kept for one reader only with his public key", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app" });
    const owner = await generateKey({ userIDs: [{ name: "reader" }] });
    await using stack = await startStack(cloud, key(account, { pgpKey: owner.publicKey }));

    const { outputs } = await stack.up();

    const message = await readMessage({ binaryMessage: Buffer.from(String(outputs.encrypted?.value), "base64") });
    const decryptionKeys = await readPrivateKey({ armoredKey: owner.privateKey });
    const { data: secret } = await decrypt({ message, decryptionKeys });
    expect(secret).toMatch(/^AQVN/);
    expect(outputs.secret).toEqual({ value: "", secret: true });
    expect(outputs.fingerprint?.value).toBe((await readKey({ armoredKey: owner.publicKey })).getFingerprint());
    expect(await leaksOf(String(secret), stack.folder, { printed: stack.printed() })).toEqual([]);
  });

  it("stays for its reader through refreshes and changes, and is replaced for another reader", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "app" });
    const [first, second] = await Promise.all(
      ["first", "second"].map((name) => generateKey({ userIDs: [{ name }] }).then(({ publicKey }) => publicKey)),
    );
    await using stack = await startStack(cloud, key(account, { pgpKey: first }));
    const before = (await stack.up()).outputs;

    expect((await stack.refresh()).steps).toEqual({});
    stack.program(key(account, { pgpKey: first, description: "new" }));
    expect((await stack.up()).steps).toEqual({ key: "update" });
    expect(await stack.outputs()).toEqual(before);
    stack.program(key(account, { pgpKey: second, description: "new" }));
    expect((await stack.up()).steps).toEqual({ key: "replace" });

    const after = await stack.outputs();
    expect(after.fingerprint).not.toEqual(before.fingerprint);
    expect(after.secret).toEqual({ value: "", secret: true });
    expect(live(cloud).map(({ id }) => id)).toEqual([after.id?.value]);
    await stack.destroy();
    expect(live(cloud)).toEqual([]);
  });
});
