import fs, { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../../emulator/emulator";
import { type Api, openApi, pagesOf } from "../../support/api";
import { startCloudProcess } from "../../support/cloudProcess";
import { temporaryFolder } from "../../support/folder";
import { run } from "../../support/run";

afterEach(() => jest.restoreAllMocks());

const create = (api: Api, folderId: string, name: string) =>
  api.call("ServiceAccountService/Create", { folderId, name, description: "d".repeat(200) });

const namesIn = async (api: Api, folderId: string): Promise<string[]> => {
  const pages = await pagesOf(api, "ServiceAccountService/List", { folderId }, "serviceAccounts");
  return pages.flat().map(({ name }) => name as string);
};

/** Linux sets such limits, and takes them back, for a process that runs. */
const whereLimited = existsSync("/usr/bin/prlimit") ? it : it.skip;

describe("a disk without room", () => {
  whereLimited("takes nothing that was acknowledged, and gives nothing that was refused", async () => {
    using folder = temporaryFolder();
    const acknowledged: string[] = [];
    const refusals: string[] = [];
    {
      await using cloud = await startCloudProcess({ folder: folder.path, through: ["prlimit", "--fsize=50000:"] });
      using api = openApi(cloud, "grpc");
      const { folderId } = cloud;
      const keyOwner = (await create(api, folderId, "owner")).response.id as string;
      acknowledged.push("owner");
      const { secret } = await api.call("ApiKeyService/Create", { serviceAccountId: keyOwner });
      await cloud.admin("addGrant", {
        roleId: "ai.languageModels.user",
        subject: { id: keyOwner, type: "serviceAccount" },
      });

      const names = Array.from({ length: 90 }, (_, n) => `app-${n}`);
      await Promise.all(
        names.map((name) =>
          create(api, folderId, name).then(
            () => acknowledged.push(name),
            (error: Error) => refusals.push(error.message),
          ),
        ),
      );

      expect(refusals.length).toBeGreaterThan(10);
      expect(new Set(refusals)).toEqual(
        new Set([expect.stringMatching(/state\.json\.1\.journal cannot be written \(EFBIG\): allow larger files/)]),
      );
      // Reads go on, of memory as it was acknowledged, and so do keys, whose last use cannot be written.
      expect((await namesIn(api, folderId)).sort()).toEqual(acknowledged.sort());
      const models = await fetch(`${cloud.url}/v1/models`, { headers: { authorization: `Api-Key ${secret}` } });
      expect(models.status).toBe(200);

      expect((await run("prlimit", ["--pid", String(cloud.pid), "--fsize=unlimited"], { env: process.env })).code).toBe(
        0,
      );
      await create(api, folderId, "later");
      acknowledged.push("later");
      await cloud.end("SIGKILL");
    }

    await using again = await startCloudProcess({ folder: folder.path });
    using api = openApi(again, "grpc");
    expect((await namesIn(api, again.folderId)).sort()).toEqual(acknowledged.sort());
  });

  it("keeps the place of a refused account free: its name, its ID and the quota", async () => {
    using folder = temporaryFolder();
    await using cloud = await startEmulator({ stateFile: join(folder.path, "state.json") });
    using api = openApi(cloud, "grpc");
    failWrites("ENOSPC");
    const { folderId } = cloud;
    const refused = await api.refusal("ServiceAccountService/Create", { folderId, name: "shop" });
    jest.restoreAllMocks();

    expect(refused).toMatch(/^INTERNAL .*cannot be written \(ENOSPC\): free some space on its disk\.$/);
    expect(cloud.snapshot().accounts).toEqual([]);
    expect(cloud.dump()).not.toContain("shop");
    await create(api, folderId, "shop");
    expect(cloud.snapshot().accounts).toMatchObject([{ name: "shop" }]);
  });

  it("keeps what a refused removal would have taken", async () => {
    using folder = temporaryFolder();
    await using cloud = await startEmulator({ stateFile: join(folder.path, "state.json") });
    using api = openApi(cloud, "grpc");
    const serviceAccountId = cloud.addAccount({ name: "shop", roles: ["ai.models.user"] });
    const { secret } = cloud.addApiKey(serviceAccountId);
    const [before, dump] = [cloud.snapshot(), cloud.dump()];
    failWrites("ENOSPC");
    const refused = await api.refusal("ServiceAccountService/Delete", { serviceAccountId });
    jest.restoreAllMocks();

    expect(refused).toMatch(/^INTERNAL /);
    expect(cloud.snapshot()).toEqual(before);
    expect(sorted(cloud.dump())).toEqual(sorted(dump));
    const models = await fetch(`${cloud.url}/v1/models`, { headers: { authorization: `Api-Key ${secret}` } });
    expect(models.status).toBe(200);
  });
});

describe("a disk that fails in the middle of a line, and does not take it back either", () => {
  it("leaves a state that opens with all that was acknowledged", async () => {
    using folder = temporaryFolder();
    const stateFile = join(folder.path, "state.json");
    const copy = join(folder.path, "copy.json");
    await using cloud = await startEmulator({ stateFile });
    await createIn(cloud, "first");
    failWrites("EIO");
    jest.spyOn(fs, "ftruncateSync").mockImplementation(() => {
      throw systemError("EIO", "ftruncate");
    });
    await expect(createIn(cloud, "refused")).rejects.toThrow(/\(EIO\): its disk fails/);
    jest.restoreAllMocks();
    await createIn(cloud, "second");

    for (const name of fs.readdirSync(folder.path).filter((entry) => /^state\.json(?!.*lock)/.test(entry)))
      fs.copyFileSync(join(folder.path, name), join(folder.path, name.replace("state.json", "copy.json")));
    await using again = await startEmulator({ stateFile: copy });
    expect(again.snapshot().accounts.map(({ name }) => name)).toEqual(["first", "second"]);
  });
});

describe("a state folder that vanishes while the local cloud runs", () => {
  it("ends it with a sentence at the next write, which is refused, and is not made again", async () => {
    using place = temporaryFolder();
    const folder = join(place.path, "state");
    await using cloud = await startCloudProcess({ folder });
    using api = openApi(cloud, "grpc");
    rmSync(folder, { recursive: true });

    const { folderId } = cloud;
    const refused = await api.refusal("ServiceAccountService/Create", { folderId, name: "shop" });

    const sentence = "state.json.1.journal no longer exists, although the local cloud uses it.";
    expect(refused).toContain(sentence);
    expect(await cloud.ended).toBe(1);
    expect(cloud.complained()).toContain(sentence);
    expect(cloud.complained()).not.toContain("    at ");
    expect(existsSync(folder)).toBe(false);
  });
});

async function createIn(cloud: Emulator, name: string): Promise<void> {
  using api = openApi(cloud, "grpc");
  await create(api, cloud.folderId, name);
}

/** From now on half of each line is written, and then nothing. */
function failWrites(code: string): void {
  const { writeSync } = fs;
  let started = false;
  jest.spyOn(fs, "writeSync").mockImplementation((file: number, bytes: any, offset?: any) => {
    if (started) throw systemError(code, "write");
    started = true;
    return writeSync(file, bytes as Buffer, offset as number, Math.ceil((bytes as Buffer).length / 2));
  });
}

const systemError = (code: string, syscall: string) => Object.assign(new Error(code), { code, syscall });

/** A record that came back stands at the end of its table. */
const sorted = (dump: string) =>
  Object.entries(JSON.parse(dump) as Record<string, object>).map(([name, records]) => [
    name,
    Object.entries(records).sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);
