import { generateKey } from "openpgp";
import { lifecycleCheck } from "../../support/lifecycle";

const KEY = "yandex:index/iamServiceAccountApiKey:IamServiceAccountApiKey";

async function newKeyPair() {
  const options = { userIDs: [{ name: "reader" }] };
  const [armored, binary] = [await generateKey(options), await generateKey({ ...options, format: "binary" })];
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
  return {
    publicKeys: [armored.publicKey, base64(binary.publicKey)],
    privateKeys: [armored.privateKey, base64(binary.privateKey)],
  };
}

const check = (pgpKey: string) =>
  lifecycleCheck(KEY, { serviceAccountId: "aje00000000000000001", scopes: ["yc.ai.languageModels.execute"], pgpKey });

describe("the pgpKey of an API key", () => {
  it("accepts a public key and refuses a private one, armored and in base64", async () => {
    const { publicKeys, privateKeys } = await newKeyPair();

    expect(publicKeys.map((key) => check(key).failures)).toEqual([[], []]);
    for (const key of privateKeys)
      expect(check(key).failures).toEqual([
        {
          property: "pgpKey",
          reason: expect.stringMatching(/^is a private OpenPGP key; give the public key, as `gpg/),
        },
      ]);
  });
});
