import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:https";
import { join } from "node:path";
import { startEmulator } from "../../../emulator/emulator";
import { openApi } from "../../support/api";
import { temporaryFolder } from "../../support/folder";

describe("a damaged file beside the state", () => {
  it.each(["garbage", "null", "[1]", '[["clouds"]]'])(
    "is named with its line and what to do when a line of the journal is %s",
    async (line) => {
      using folder = temporaryFolder();
      const stateFile = join(folder.path, "state.json");
      await (await startEmulator({ stateFile })).close();
      const journal = readdirSync(folder.path).find((name) => name.endsWith(".journal")) ?? "";
      writeFileSync(join(folder.path, journal), `[]\n${line}\n[]\n`);

      await expect(startEmulator({ stateFile })).rejects.toThrow(`Line 2 of ${join(folder.path, journal)} is damaged.`);
    },
  );

  it.each([
    ["damaged", (file: string) => writeFileSync(file, "garbage")],
    ["missing", (file: string) => rmSync(file)],
  ])("is named when it is the key of Lockbox, %s, and the state is free afterwards", async (problem, harm) => {
    using folder = temporaryFolder();
    const stateFile = join(folder.path, "state.json");
    const key = join(folder.path, "lockbox.key");
    const first = await startEmulator({ stateFile });
    {
      using api = openApi(first, "grpc");
      const versionPayloadEntries = [{ key: "a", textValue: "b" }];
      await api.call("SecretService/Create", { folderId: first.folderId, name: "s", versionPayloadEntries });
    }
    await first.close();
    const right = readFileSync(key);
    harm(key);

    await expect(startEmulator({ stateFile })).rejects.toThrow(`${key} is ${problem}`);
    writeFileSync(key, right);
    await using again = await startEmulator({ stateFile });
    expect(again.folderId).toBe(first.folderId);
  });

  it("is made again when it is the certificate", async () => {
    using folder = temporaryFolder();
    const stateFile = join(folder.path, "state.json");
    await (await startEmulator({ stateFile })).close();
    writeFileSync(join(folder.path, "tls.json"), JSON.stringify({ until: 9e15, key: "-----BEGIN X-----", cert: "x" }));

    await using cloud = await startEmulator({ stateFile });
    expect(await statusOf(`${cloud.tlsUrl}/endpoints/iam`, cloud.caPem)).toBe(200);
  });
});

const statusOf = (url: string, ca: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    get(url, { ca }, (answer) => resolve(answer.resume().statusCode)).on("error", reject);
  });
