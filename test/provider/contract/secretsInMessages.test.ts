import { generateKeyPairSync } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createProvider } from "../../../provider/provider";
import { inputsOf } from "../../../provider/properties";
import type { Property } from "../../../provider/properties";
import { Secret } from "../../../provider/properties/values";
import type { Properties, Value } from "../../../provider/properties/values";
import { resources } from "../../../provider/resources";
import { SETTINGS } from "../../../provider/settings/table";
import { testWorld } from "../../support/smallCloud";

const CANARY = "canary-Zq7Xw2Lk9Pf4Rt6Y";
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PEM = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const KEY_FILE = JSON.stringify({ id: CANARY, service_account_id: CANARY, private_key: PEM });

/** A provider whose log lines and errors are collected. */
function startProvider(env: Record<string, string> = {}) {
  const said: string[] = [];
  const log = (_urn: string, message: string) => void said.push(message);
  const engineLog = {
    log: (_severity: string, urn: string, message: string) => log(urn, message),
    logStatus: log,
    close() {},
  };
  const fetch = async (url: unknown) => Promise.reject(new TypeError(`fetch failed for ${String(url)}`));
  // Nothing beyond this machine is called, and here nobody listens.
  const closed = { YC_ENDPOINT: "127.0.0.1:9", YC_PLAINTEXT: "true", YC_METADATA_ADDR: "127.0.0.1:9" };
  const world = testWorld({ env: { ...closed, ...env }, readFile: (path) => readFile(path, "utf8"), fetch });
  const provider = createProvider(world, () => engineLog);
  const attempt = async (act: () => unknown) => {
    try {
      return await act();
    } catch (error) {
      said.push(String(error));
      return undefined;
    }
  };
  return { provider, said, attempt };
}

const urnOf = (token: string) => `urn:pulumi:dev::shop::${token}::thing`;
const ACCOUNT = urnOf("yandex:index/iamServiceAccount:IamServiceAccount");

/** Configures a provider, calls the cloud with it, and gives all that it said. */
async function useSettings(config: Properties, env: Record<string, string>): Promise<string> {
  const { provider, said, attempt } = startProvider(env);
  for (const { reason } of provider.checkConfig(config).failures) said.push(reason);
  await attempt(() => provider.configure(config));
  const call = { urn: ACCOUNT, timeout: 0, id: "aje00000000000000001", existing: undefined };
  await attempt(() => provider.read(call));
  provider.close();
  return said.join("\n");
}

const WRONG_FORMS: [form: string, text: string][] = [
  ["a word", CANARY],
  ["a path", `/nowhere/${CANARY}/key.json`],
  ["a text longer than a path can be", CANARY.repeat(60)],
  ["two lines", `${CANARY}\n${CANARY}`],
  ["JSON", JSON.stringify({ secret: CANARY })],
  ["the key of a service account", KEY_FILE],
  ["the key of a service account in base64", Buffer.from(KEY_FILE).toString("base64")],
  ["a URL with a password", `https://user:${CANARY}@example.invalid/`],
];

const leaks = (text: string) =>
  [CANARY, Buffer.from(CANARY).toString("base64").slice(0, 24)].filter((each) => text.includes(each));

describe("a message about the provider's settings", () => {
  const secretVariables = Object.values(SETTINGS).flatMap(({ property, env }) => (property.secret ? [...env] : []));
  const fileVariables = ["YC_WORKLOAD_IDENTITY_TOKEN_FILE", "YC_CA_FILE"];

  it.each(WRONG_FORMS)("quotes no credential of the environment that is given as %s", async (_form, text) => {
    for (const name of [...secretVariables, ...fileVariables]) {
      const account = { YC_WORKLOAD_IDENTITY_SERVICE_ACCOUNT_ID: "aje00000000000000001" };
      const local = { YC_WORKLOAD_IDENTITY_ENDPOINT: "http://127.0.0.1:9/oauth/token" };
      expect([name, leaks(await useSettings({}, { ...account, ...local, [name]: text }))]).toEqual([name, []]);
    }
  });

  it.each(WRONG_FORMS)("quotes no setting that a program gives as a secret, as %s", async (_form, text) => {
    for (const name of Object.keys(SETTINGS)) {
      const config = { workloadIdentityServiceAccountId: "aje00000000000000001", [name]: new Secret(text) };
      expect([name, leaks(await useSettings(config, {}))]).toEqual([name, []]);
    }
  });
});

/** Values of every kind that hold the canary, as a program could give them to any property. */
const WRONG_VALUES: [form: string, value: Value][] = [
  ["a text", CANARY],
  ["a text that JSON must escape", `${CANARY}"\n`],
  ["a passed moment", "2020-01-01T00:00:00Z"],
  ["a moment too late", "2999-01-01T00:00:00Z"],
  ["a list", [CANARY, CANARY]],
  ["a map", { [CANARY]: CANARY }],
  ["a map of maps", { [CANARY]: { [CANARY]: 1 } }],
];

describe("a message about a resource's inputs", () => {
  const cases = Object.values(resources).flatMap(({ token, properties }) =>
    inputsOf(properties).map(([name, property]): [string, string, Property] => [token, name, property]),
  );

  it.each(cases)("quotes no secret: of %s in %s", async (token, name) => {
    for (const [form, value] of WRONG_VALUES) {
      const { provider, said } = startProvider({ YC_TOKEN: `t1.9eueltest.${"s".repeat(86)}` });
      provider.configure({});
      const request = {
        urn: urnOf(token),
        newInputs: { [name]: new Secret(value) },
        oldInputs: {},
        oldState: {},
        seed: "",
      };
      const { failures } = provider.check(request);
      said.push(...failures.map((failure) => `${failure.property} ${failure.reason}`));
      provider.close();
      const moments = ["2020-01-01", "2999-01-01"].filter((moment) => said.join("\n").includes(moment));
      expect([form, leaks(said.join("\n")), moments]).toEqual([form, [], []]);
    }
  });
});
