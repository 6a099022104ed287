import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type CloudProcess, type Connection, startCloudProcess } from "../support/cloudProcess";
import { environment, type Json } from "./worker";

/** The shell commands of a page, in their order. */
const commandsOf = (page: string): string[] => {
  const text = readFileSync(join(__dirname, "clients/curl", page), "utf8");
  return [...text.matchAll(/```bash\n(.*?)```/gs)].map(([, command]) => command ?? "");
};

const [createAccount, grantRole, createKey] = commandsOf("guide.md") as [string, string, string];
const [getAccount, listAccounts, updateAccount, deleteAccount, listGrants, listKeys, deleteKey, complete] = commandsOf(
  "reference.md",
) as [string, string, string, string, string, string, string, string];

interface Answer {
  status: number;
  http: string;
  json: Json;
}

/** A shell whose curl trusts the emulator and tells the status, by a settings file, so that no command needs a change. */
function openShell(cloud: Connection): { run(command: string, values: Json): Promise<Answer> } & Disposable {
  const home = mkdtempSync(join(tmpdir(), "conformance-curl-"));
  writeFileSync(
    join(home, ".curlrc"),
    `silent\nshow-error\ncacert = "${cloud.caFile}"\nwrite-out = "\\n%{http_code} %{http_version}"\n`,
  );
  return {
    async run(command, values) {
      const filled = command
        .replace(/https:\/\/[a-z-]+\.\{\{ api-host \}\}/, cloud.tlsUrl)
        .replace(/<(\w+)>/g, (placeholder, name: string) => {
          if (values[name] === undefined) throw new Error(`No value for ${placeholder}`);
          return String(values[name]);
        });
      const env = { ...environment(cloud), CURL_HOME: home };
      const { stdout } = await promisify(execFile)("bash", ["-c", filled], { env });
      const [, body = "", status, http = ""] = /^(.*)\n(\d+) (\S+)$/s.exec(stdout) ?? [];
      return { status: Number(status), http, json: JSON.parse(body) as Json };
    },
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }),
  };
}

describe("the guide's curl commands", () => {
  const start = async () => {
    const cloud = await startCloudProcess();
    const given = { IAM_token: cloud.token, folder_ID: cloud.folderId, service_account_name: "sa-api" };
    return { cloud, given };
  };

  it("lead from nothing to an answered question, and back", async () => {
    const { cloud, given } = await start();
    await using _cloud = cloud;
    using shell = openShell(cloud);

    const created = await shell.run(createAccount, given);
    expect(created).toMatchObject({ status: 200, json: { done: true, response: { name: "sa-api" } } });
    const accountId = created.json.metadata.serviceAccountId as string;
    const own = { ...given, service_account_ID: accountId, role_ID: "ai.languageModels.user" };
    expect(await shell.run(grantRole, own)).toMatchObject({ status: 200, json: { done: true } });
    const { secret, apiKey } = (await shell.run(createKey, own)).json;
    expect(apiKey).toMatchObject({ serviceAccountId: accountId });

    expect((await shell.run(getAccount, own)).json).toMatchObject({
      id: accountId,
      description: "service account for api",
    });
    expect((await shell.run(listAccounts, own)).json.serviceAccounts).toHaveLength(1);
    expect((await shell.run(updateAccount, own)).json.response).toMatchObject({ description: "changed" });
    expect(JSON.stringify((await shell.run(listGrants, own)).json)).toContain(accountId);
    expect((await shell.run(listKeys, own)).json.apiKeys).toMatchObject([{ id: apiKey.id }]);
    const asked = await shell.run(complete, { ...own, API_key: secret, model: "yandexgpt/latest" });
    expect(asked.json.result.alternatives[0].message.text).toContain('You asked: "Hello"');

    expect((await shell.run(deleteKey, { ...own, API_key_ID: apiKey.id })).status).toBe(200);
    expect((await shell.run(deleteAccount, own)).status).toBe(200);
    expect(await shell.run(getAccount, own)).toMatchObject({ status: 404, json: { code: 5 } });
    expect((await cloud.admin("snapshot")).apiKeys).toEqual([]);
  });

  it("speak HTTP/2 where curl can", async () => {
    const { cloud, given } = await start();
    await using _cloud = cloud;
    using shell = openShell(cloud);
    const { stdout } = await promisify(execFile)("curl", ["--version"]);

    const { http } = await shell.run(createAccount, given);

    expect(http).toBe(/\bHTTP2\b/.test(stdout) ? "2" : "1.1");
  });

  it("are refused with the status, code and words of the cloud", async () => {
    const { cloud, given } = await start();
    await using _cloud = cloud;
    using shell = openShell(cloud);
    const refused = async (command: string, values: Json) => {
      const { status, json } = await shell.run(command, values);
      return `${status} ${json.code ?? json.error?.grpcCode} ${json.message ?? json.error?.message}`;
    };
    const account = (await shell.run(createAccount, given)).json.response;
    const own = { ...given, service_account_ID: account.id, role_ID: "viewer" };
    const visitor = await cloud.admin("addAccount", { name: "visitor", roles: ["viewer"] });
    const mayLook = { ...own, IAM_token: await cloud.admin("addToken", visitor) };

    expect(await refused(createAccount, { ...given, IAM_token: "t1.x.y" })).toBe("401 16 The token is invalid");
    expect(await refused(createAccount, { ...mayLook, service_account_name: "sa-new" })).toMatch(
      /^403 7 Permission denied to resource-manager.folder /,
    );
    expect(await refused(createAccount, given)).toBe(`409 6 Service account 'sa-api@${cloud.cloudId}' already exists`);
    expect(await refused(createAccount, { ...given, service_account_name: "SA API" })).toMatch(
      /^400 3 Request validation/,
    );
    expect(await refused(grantRole, { ...own, role_ID: "no.such.role" })).toMatch(/^404 5 /);
    expect(await refused(createKey, { ...own, service_account_ID: "ajenone" })).toMatch(/^404 5 /);
    expect(await refused(createKey, mayLook)).toMatch(/^403 7 /);
    await cloud.admin("setSwitches", { quotas: { ...noQuota, apiKeys: 0 } });
    expect(await refused(createKey, own)).toBe("429 8 Quota limit iam.apiKeys.count exceeded");

    const { id, secret } = await cloud.admin("addApiKey", account.id as string, {
      scopes: ["yc.ai.languageModels.execute"],
    });
    const asking = { ...own, API_key: secret, model: "yandexgpt/latest" };
    await expectRefusals(cloud, refused, asking, id);
  });

  /** The same key meets a missing role, an unknown model, another folder, and its own end. */
  async function expectRefusals(
    cloud: CloudProcess,
    refused: (command: string, values: Json) => Promise<string>,
    asking: Json,
    keyId: string,
  ): Promise<void> {
    expect(await refused(complete, asking)).toMatch(/^403 7 Permission to \[resource-manager.folder /);
    await refused(grantRole, { ...asking, role_ID: "ai.languageModels.user" });
    expect(await refused(complete, { ...asking, model: "nothing/latest" })).toBe("400 3 Failed to get model");
    expect(await refused(complete, { ...asking, folder_ID: await cloud.admin("addFolder") })).toMatch(
      /^400 3 Specified folder/,
    );
    await refused(deleteKey, { ...asking, API_key_ID: keyId });
    expect(await refused(complete, asking)).toMatch(/^401 16 Unknown api key /);
  }
});

const noQuota = { serviceAccounts: 1e6, apiKeys: 1e6, authorizedKeys: 1e6, accessBindings: 1e6 };
