import { generateKeyPairSync } from "node:crypto";
import { readProviderSettings } from "../../../provider/settings";
import { SETTINGS } from "../../../provider/settings/table";
import { TOKEN } from "../../support/smallCloud";
import { fc } from "../../support/properties";

type Env = Record<string, string | undefined>;
const settingsOf = (config: Record<string, unknown>, env: Env = {}) => readProviderSettings(config, env).settings;
const failuresOf = (config: Record<string, unknown>, env: Env = {}) => readProviderSettings(config, env).failures;

const OAUTH = `y0_${"o".repeat(40)}`;
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PEM = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const KEY = JSON.stringify({ id: "aje0key", service_account_id: "aje0account", private_key: PEM });

describe("a setting", () => {
  it("comes from the stack, else from the environment, else from its default", () => {
    const env = { YC_FOLDER_ID: "from-env", YC_ENDPOINT: "127.0.0.1:1", YC_MAX_RETRIES: "9" };

    expect(settingsOf({ folderId: "from-stack" }, env)).toMatchObject({ folderId: "from-stack", maxRetries: 9 });
    expect(settingsOf({}, env)).toMatchObject({ folderId: "from-env", endpoint: "127.0.0.1:1" });
    expect(settingsOf({})).toMatchObject({
      cloudId: undefined,
      folderId: undefined,
      endpoint: "api.cloud.yandex.net:443",
      plaintext: false,
      insecure: false,
      maxRetries: 5,
      caFile: undefined,
      aiEndpoint: "https://ai.api.cloud.yandex.net",
    });
  });

  it("counts as not given where it is blank, in a workflow for want of a secret", () => {
    const { settings, failures } = readProviderSettings(
      { token: " ", folderId: "" },
      { YC_TOKEN: "", YC_FOLDER_ID: "f", YC_PLAINTEXT: "" },
    );

    expect(failures).toEqual([]);
    expect(settings).toMatchObject({ folderId: "f", signIn: { kind: "metadata" } });
  });

  it.each([
    [{ plaintext: true }, "plaintext", true],
    [{ plaintext: "true" }, "plaintext", true],
    [{ plaintext: "1" }, "plaintext", true],
    [{ plaintext: false }, "plaintext", false],
    [{ plaintext: "False" }, "plaintext", false],
    [{ insecure: "true" }, "insecure", true],
    [{ maxRetries: 7 }, "maxRetries", 7],
    [{ maxRetries: "7" }, "maxRetries", 7],
    [{ maxRetries: 0 }, "maxRetries", 0],
    [{ endpoint: "[::1]:8443" }, "endpoint", "[::1]:8443"],
    [{ endpoint: " localhost " }, "endpoint", "localhost:443"],
    [{ aiEndpoint: "http://127.0.0.1:8080/" }, "aiEndpoint", "http://127.0.0.1:8080"],
    [{ aiEndpoint: "https://ai.example.com/base/" }, "aiEndpoint", "https://ai.example.com/base"],
  ])("may be written as %j", (config, property, value) => {
    const { settings, failures } = readProviderSettings({ endpoint: "localhost:1", ...config }, {});

    expect(failures).toEqual([]);
    expect(settings).toHaveProperty(property, value);
  });

  // The official provider takes the environment's booleans for their opposite.
  it.each([
    ["true", true],
    ["false", false],
    ["1", true],
    ["0", false],
  ])("means what it says in the environment, %s", (written, meant) => {
    const env = { YC_PLAINTEXT: written, YC_INSECURE: written, YC_ENDPOINT: "localhost:1" };

    expect(readProviderSettings({}, env)).toMatchObject({
      failures: [],
      settings: { plaintext: meant, insecure: meant },
    });
  });

  it.each([
    [{ plaintext: "yes" }, {}, "plaintext", "must be true or false"],
    [{}, { YC_INSECURE: "on" }, "insecure", "must be true or false, which YC_INSECURE is not"],
    [{ maxRetries: "many" }, {}, "maxRetries", "must be a whole number from 0 to 100"],
    [{ maxRetries: -1 }, {}, "maxRetries", "must be a whole number from 0 to 100"],
    [{ maxRetries: 101 }, {}, "maxRetries", "must be a whole number from 0 to 100"],
    [
      { endpoint: "https://api.cloud.yandex.net" },
      {},
      "endpoint",
      "must be a host and a port, such as api.cloud.yandex.net:443, without https://",
    ],
    [
      {},
      { YC_ENDPOINT: "host:0" },
      "endpoint",
      "must be a host and a port, such as api.cloud.yandex.net:443, without https://, which YC_ENDPOINT is not",
    ],
    [
      { aiEndpoint: "http://ai.example.com" },
      {},
      "aiEndpoint",
      "must be a URL that begins with https://; http:// is for this machine only",
    ],
    [{ folderId: ["b1g"] }, {}, "folderId", "must be one value, not a list or a map"],
    [
      { plaintext: true, endpoint: "api.example.com" },
      {},
      "plaintext",
      "would send the credential unencrypted to api.example.com:443; it is for endpoints on this machine only",
    ],
  ])("is refused where it is impossible: %j %j", (config, env, property, reason) => {
    expect(failuresOf(config, env)).toEqual([{ property, reason }]);
  });

  it.each(["localhost:1", "LOCALHOST:1", "127.0.0.1:1", "127.1.2.3:1", "[::1]:1"])(
    "may be plaintext for %s",
    (endpoint) => {
      expect(failuresOf({ plaintext: true, endpoint })).toEqual([]);
    },
  );

  it.each(["127.0.0.1.example.com:1", "localhost.example.com:1", "10.0.0.1:1", "[::2]:1"])(
    "must not be plaintext for %s",
    (endpoint) => {
      expect(failuresOf({ plaintext: true, endpoint })).toMatchObject([{ property: "plaintext" }]);
    },
  );
});

// Case 71: each source alone and in conflict.
describe("the way to sign in", () => {
  it.each([
    [{ token: TOKEN }, {}, "iamToken", "yandex:token"],
    [{ token: `  ${TOKEN}\n` }, {}, "iamToken", "yandex:token"],
    [{ token: OAUTH }, {}, "oauthToken", "yandex:token"],
    [{ serviceAccountKeyFile: "key.json" }, {}, "serviceAccountKey", "yandex:serviceAccountKeyFile"],
    [{ serviceAccountKeyFile: KEY }, {}, "serviceAccountKey", "yandex:serviceAccountKeyFile"],
    [{}, { YC_TOKEN: TOKEN }, "iamToken", "YC_TOKEN"],
    [{}, { YC_TOKEN: OAUTH }, "oauthToken", "YC_TOKEN"],
    [{}, { YC_IAM_TOKEN: "of-a-later-form" }, "iamToken", "YC_IAM_TOKEN"],
    [{}, { YC_SERVICE_ACCOUNT_KEY_FILE: "key.json" }, "serviceAccountKey", "YC_SERVICE_ACCOUNT_KEY_FILE"],
    [{}, {}, "metadata", "instance metadata"],
    // The stack counts before the environment, whichever way that is.
    [{ token: TOKEN }, { YC_SERVICE_ACCOUNT_KEY_FILE: "key.json" }, "iamToken", "yandex:token"],
    [{ serviceAccountKeyFile: "k" }, { YC_TOKEN: TOKEN }, "serviceAccountKey", "yandex:serviceAccountKeyFile"],
    // In the environment a key counts before a token, and that before a workload identity.
    [{}, { YC_TOKEN: TOKEN, YC_SERVICE_ACCOUNT_KEY_FILE: "k" }, "serviceAccountKey", "YC_SERVICE_ACCOUNT_KEY_FILE"],
    [{}, { YC_TOKEN: TOKEN, YC_WORKLOAD_IDENTITY_TOKEN: "jwt" }, "iamToken", "YC_TOKEN"],
  ])("follows from the settings: %j %j is %s", (config, env, kind, source) => {
    expect(readProviderSettings(config, env)).toMatchObject({ failures: [], settings: { signIn: { kind, source } } });
  });

  it("may be a workload identity, from a token or a file, at the vendor's endpoint or another", () => {
    const account = { workloadIdentityServiceAccountId: "aje0account" };

    expect(settingsOf({ ...account, workloadIdentityToken: "jwt" }).signIn).toEqual({
      kind: "workloadIdentity",
      serviceAccountId: "aje0account",
      token: { text: "jwt" },
      endpoint: "https://auth.yandex.cloud/oauth/token",
      source: "yandex:workloadIdentityToken",
    });
    const env = {
      YC_WORKLOAD_IDENTITY_SERVICE_ACCOUNT_ID: "aje0account",
      YC_WORKLOAD_IDENTITY_TOKEN_FILE: "token",
      YC_WORKLOAD_IDENTITY_ENDPOINT: "http://127.0.0.1:1/token",
    };
    expect(settingsOf({}, env).signIn).toMatchObject({
      token: { file: "token" },
      endpoint: "http://127.0.0.1:1/token",
    });
  });

  it("asks the metadata where the environment says", () => {
    expect(settingsOf({}).signIn).toMatchObject({ address: "169.254.169.254" });
    expect(settingsOf({}, { YC_METADATA_ADDR: "127.0.0.1:1" }).signIn).toMatchObject({ address: "127.0.0.1:1" });
  });

  it("can wait for a value that is not known yet", () => {
    const { settings, failures } = readProviderSettings({ token: Symbol("unknown") }, { YC_TOKEN: TOKEN });

    expect(failures).toEqual([]);
    expect(settings.signIn).toMatchObject({ kind: "none", source: "yandex:token" });
  });

  const both = "cannot be set together with";
  it.each([
    [{ token: TOKEN, serviceAccountKeyFile: "k" }, {}, "token", `${both} serviceAccountKeyFile; keep one of them`],
    [{ token: TOKEN, workloadIdentityToken: "j" }, {}, "workloadIdentityToken", `${both} token; keep one of them`],
    [
      { workloadIdentityToken: "j", workloadIdentityTokenFile: "f" },
      {},
      "workloadIdentityTokenFile",
      `${both} workloadIdentityToken; keep one of them`,
    ],
    [
      { workloadIdentityToken: "j" },
      {},
      "workloadIdentityServiceAccountId",
      "is needed together with workloadIdentityToken: the ID of the service account to sign in as",
    ],
    [
      { workloadIdentityToken: "j", workloadIdentityServiceAccountId: "a", workloadIdentityEndpoint: "http://x.org" },
      {},
      "workloadIdentityEndpoint",
      "must be a URL that begins with https://; http:// is for this machine only",
    ],
    [{ token: KEY }, {}, "token", "holds JSON; the key of a service account belongs into serviceAccountKeyFile"],
    [{ token: `Bearer ${TOKEN}` }, {}, "token", "has a space or a line break in it; give the token alone"],
    [
      { token: `AQVN${"k".repeat(20)}` },
      {},
      "token",
      "is an API key, which cannot manage access; use an IAM token (`yc iam create-token`)",
    ],
    [{ serviceAccountKeyFile: `{"id": "a", ` }, {}, "serviceAccountKeyFile", "is not valid JSON"],
    [
      { serviceAccountKeyFile: `{"id": "a", "private_key": "s3cret"}` },
      {},
      "serviceAccountKeyFile",
      "is not the authorized key of a service account: it lacks service_account_id; `yc iam key create --service-account-name <name> --output key.json` writes one",
    ],
    [
      {},
      { YC_SERVICE_ACCOUNT_KEY_FILE: `{"id": "a", "serviceAccountId": "b", "privateKey": "s3cret"}` },
      "serviceAccountKeyFile",
      "holds a private_key that is not a PEM private key (given as YC_SERVICE_ACCOUNT_KEY_FILE)",
    ],
  ])("is refused in one sentence: %#", (config, env, property, reason) => {
    expect(failuresOf(config, env)).toEqual([{ property, reason }]);
  });
});

describe("settings of any kind", () => {
  const value = fc.oneof(
    fc.string(),
    fc.boolean(),
    fc.integer(),
    fc.constant(null),
    fc.array(fc.string()),
    fc.double(),
  );
  const names = Object.keys(SETTINGS);
  const config = fc.dictionary(fc.constantFrom(...names), value);
  const env = fc.dictionary(fc.constantFrom(...Object.values(SETTINGS).flatMap(({ env }) => [...env])), fc.string());

  it("give usable settings, or failures that name one of them", () => {
    fc.assert(
      fc.property(config, env, (given, environment) => {
        const { settings, failures } = readProviderSettings(given, environment);
        expect(settings.maxRetries).toBeGreaterThanOrEqual(0);
        expect(settings.endpoint).toMatch(/:\d+$/);
        expect(URL.canParse(settings.aiEndpoint)).toBe(true);
        for (const { property, reason } of failures) {
          expect(names).toContain(property);
          expect(reason).not.toContain("\n");
        }
      }),
    );
  });

  it("never show what may be secret in a reason", () => {
    const secret = fc.string({ unit: fc.constantFrom(..."abcdef{\"':, ."), minLength: 12, maxLength: 40 });
    const names = ["token", "serviceAccountKeyFile", "workloadIdentityToken", "workloadIdentityEndpoint"];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), secret), (given) => {
        for (const { reason } of failuresOf(given)) {
          for (const text of Object.values(given)) expect(reason).not.toContain(text.trim());
        }
      }),
    );
  });
});
