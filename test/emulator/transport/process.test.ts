import { once } from "node:events";
import { request } from "node:http";
import { startCloudProcess } from "../../support/cloudProcess";
import { temporaryFolder } from "../../support/folder";

describe("the local cloud as a process", () => {
  it("tells where it is, and each call in a line without a secret", async () => {
    await using cloud = await startCloudProcess({ quiet: false });
    const headers = { authorization: `Bearer ${cloud.token}` };
    const account = { folderId: cloud.folderId, name: "shop" };

    const create = { method: "POST", headers, body: JSON.stringify(account) };
    const made = await (await fetch(`${cloud.url}/iam/v1/serviceAccounts`, create)).json();
    const { serviceAccountId } = (made as { metadata: { serviceAccountId: string } }).metadata;
    const key = { method: "POST", headers, body: JSON.stringify({ serviceAccountId }) };
    const { secret } = (await (await fetch(`${cloud.url}/iam/v1/apiKeys`, key)).json()) as { secret: string };
    await fetch(`${cloud.url}/v1/models`, { headers: { authorization: `Bearer ${secret}` } });
    await cloud.end("SIGTERM");

    const printed = cloud.printed();
    expect(printed).toContain(`${cloud.url}  (REST, AI and the status page)  ${cloud.endpoint}  (gRPC)`);
    expect(printed).toContain(`${cloud.tlsUrl}  ${cloud.tlsEndpoint}  (the same over TLS, trust ${cloud.caFile})`);
    const lines = printed.split("\n").filter((line) => /^\d\d:\d\d:\d\d\.\d{3} /.test(line));
    expect(lines).toEqual([
      expect.stringMatching(/ ServiceAccountService\/Create ajeu\d+ OK [\d.]+ms wrote ajes\d+ .*"name":"shop"/),
      expect.stringMatching(/ ApiKeyService\/Create ajeu\d+ OK [\d.]+ms wrote ajek\d+ /),
      expect.stringMatching(/ GET \/v1\/models ajes\d+ PERMISSION_DENIED [\d.]+ms/),
    ]);
    for (const text of [secret, cloud.token]) expect(printed).not.toContain(text);
  });

  it.each(["SIGTERM", "SIGINT"] as const)("answers what is under way when it is stopped by %s", async (signal) => {
    await using cloud = await startCloudProcess();
    await cloud.admin("setSwitches", { latencyMs: 500 });
    const headers = { authorization: `Bearer ${cloud.token}` };
    const asking = request(`${cloud.url}/resource-manager/v1/folders/${cloud.folderId}`, { headers }).end();
    const answered = once(asking, "response") as Promise<[{ statusCode: number }]>;
    await once(asking, "finish");
    // A later caller is answered later, so by now the other call has been heard.
    await cloud.admin("clockNow");

    const code = await cloud.end(signal);

    expect((await answered)[0].statusCode).toBe(200);
    expect(code).toBe(0);
    await expect(fetch(cloud.url)).rejects.toThrow("fetch failed");
  });

  it("goes on with its state and its token when it is started again", async () => {
    using folder = temporaryFolder();
    await using first = await startCloudProcess({ folder: folder.path });
    await first.admin("addAccount", { name: "shop" });
    await first.end("SIGTERM");

    await using second = await startCloudProcess({ folder: folder.path });
    const headers = { authorization: `Bearer ${first.token}` };
    const path = `/iam/v1/serviceAccounts?folderId=${first.folderId}`;
    const answer = await fetch(`${second.url}${path}`, { headers });

    expect(await answer.json()).toMatchObject({ serviceAccounts: [{ name: "shop" }] });
  });
});
