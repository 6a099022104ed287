import { type Api, type Json, openApi, pagesOf } from "../../support/api";
import { type Connection, startCloudProcess } from "../../support/cloudProcess";
import { temporaryFolder } from "../../support/folder";

/** Applications that are set up at the same time, and what the cloud has said of each. */
const WRITERS = 12;
interface Answered {
  name: string;
  id: string;
  granted?: boolean;
  secret?: string;
  deleteAsked?: boolean;
  deleted?: boolean;
}

/** The local cloud on the state in the folder, and a way to call it. */
async function start(folder: string) {
  const cloud = await startCloudProcess({ folder });
  const api = openApi(cloud, "grpc");
  return {
    cloud,
    api,
    async [Symbol.asyncDispose]() {
      api[Symbol.dispose]();
      await cloud[Symbol.asyncDispose]();
    },
  };
}

/** Sets applications up, and deletes most again, until the cloud has ended; notes down each answer. */
async function load(api: Api, cloud: Connection, round: number, answered: (note?: Answered) => void): Promise<void> {
  const write = async (writer: number) => {
    for (let n = 0; ; n += 1) {
      const name = `app-${round}-${writer}-${n}`;
      const made = await api.call("ServiceAccountService/Create", { folderId: cloud.folderId, name });
      const note: Answered = { name, id: made.response.id as string };
      answered(note);
      const subject = { id: note.id, type: "serviceAccount" };
      const accessBinding = { roleId: "ai.languageModels.user", subject };
      await grant(api, { resourceId: cloud.folderId, accessBindingDeltas: [{ action: "ADD", accessBinding }] });
      note.granted = true;
      answered();
      note.secret = (await api.call("ApiKeyService/Create", { serviceAccountId: note.id })).secret as string;
      answered();
      // The quota is 100 accounts.
      if (n % 8 === 0) continue;
      note.deleteAsked = true;
      await api.call("ServiceAccountService/Delete", { serviceAccountId: note.id });
      note.deleted = true;
      answered();
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  const codes = ends.map((end) => (end.status === "rejected" ? (end.reason as { code?: unknown }).code : "none"));
  // Nothing but the death of the cloud ends a writer.
  expect(new Set(codes)).toEqual(new Set(["UNAVAILABLE"]));
}

/** A folder takes one change of its grants at a time, and says so to the others. */
async function grant(api: Api, request: Json): Promise<void> {
  for (;;) {
    try {
      await api.call("FolderService/UpdateAccessBindings", request);
      return;
    } catch (error) {
      if ((error as { code?: unknown }).code !== "ABORTED") throw error;
    }
  }
}

describe("a local cloud that is killed under load", () => {
  // After how many answers: at the first, in the midst, and after the journal has grown.
  it.each([[[1, 2, 3]], [[17, 64, 5, 230]], [[700, 90]]])("comes back with all it has answered: %j", async (rounds) => {
    using folder = temporaryFolder();
    const notes: Answered[] = [];
    for (const [round, answers] of rounds.entries()) {
      await using running = await start(folder.path);
      let left = answers;
      await load(running.api, running.cloud, round, (note) => {
        if (note) notes.push(note);
        left -= 1;
        if (left === 0) void running.cloud.end("SIGKILL");
      });
      expect(left).toBeLessThanOrEqual(0);

      await using again = await start(folder.path);
      await expectAll(again.api, again.cloud, notes);
    }
  });
});

/** What was answered is there, and of what was not answered either all or nothing. */
async function expectAll(api: Api, { folderId, url }: Connection, notes: Answered[]): Promise<void> {
  const accounts = (await pagesOf(api, "ServiceAccountService/List", { folderId }, "serviceAccounts")).flat();
  const names = new Map(accounts.map(({ id, name }) => [id as string, name as string]));
  const resourceId = folderId;
  const bindings = (await pagesOf(api, "FolderService/ListAccessBindings", { resourceId }, "accessBindings")).flat();
  const granted = new Set(bindings.map(({ subject }) => subject.id as string));

  const lost = notes.filter((note) => !note.deleteAsked && names.get(note.id) !== note.name);
  const ungranted = notes.filter((note) => note.granted && !note.deleteAsked && !granted.has(note.id));
  const undead = notes.filter((note) => note.deleted && (names.has(note.id) || granted.has(note.id)));
  expect({ lost, ungranted, undead }).toEqual({ lost: [], ungranted: [], undead: [] });

  // An account goes together with its grants, and its keys with it.
  const applications = [...granted].filter((id) => id.startsWith("ajes"));
  expect(applications.filter((id) => !names.has(id))).toEqual([]);
  const opens = async ({ id, secret }: Answered) => {
    const { status } = await fetch(`${url}/v1/models`, { headers: { authorization: `Api-Key ${secret}` } });
    return (status === 200) === names.has(id);
  };
  const keys = notes.filter(({ secret }) => secret !== undefined);
  const right = await Promise.all(keys.map(opens));
  expect(keys.filter((_, index) => !right[index]).map(({ name }) => name)).toEqual([]);
}
