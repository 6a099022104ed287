import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { probeNames } from "../../live/probes/names";
import { recordingAsJson } from "../../live/recording";
import { type Difference, replay } from "../../live/replay";
import type { Exchange } from "../../live/rest";
import type { Switches } from "../../emulator/switches";
import { startCloud } from "../support/cloud";
import { journalFolder, sessionOn } from "./support";

/** What the local cloud answered to `npm run live -- --record`; a recording of the real cloud is replayed the same way. */
const FILE = join(__dirname, "recordings", "local-cloud.json");

const readRecording = (): Exchange[] => (JSON.parse(readFileSync(FILE, "utf8")) as { exchanges: Exchange[] }).exchanges;

async function replayOn(switches: Partial<Switches>, exchanges: Exchange[]): Promise<Difference[]> {
  await using cloud = await startCloud({ switches });
  const secrets = new Map<string, string>();
  const bound = new Map([
    ["<run>", "live-replayed"],
    [folderIn(exchanges), cloud.folderId],
  ]);
  const ask = async ({ method, path, body, headers, as }: Exchange["question"]) => {
    const authorization = as.startsWith("key ")
      ? `Api-Key ${secrets.get(as.slice(4)) ?? "none"}`
      : as === "deployer"
        ? `Bearer ${cloud.token}`
        : "Bearer t1.not-a-token";
    const answer = await fetch(`${cloud.url}${path}`, {
      method,
      headers: { authorization, "content-type": "application/json", ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    const json = parsed(text) as { secret?: string; apiKey?: { id: string } };
    if (json.secret && json.apiKey) secrets.set(json.apiKey.id, json.secret);
    return { status: answer.status, body: json };
  };
  const inTwoHours = new Date(cloud.clock.now() + 7_200_000).toISOString();
  return await replay(exchanges, ask, bound, (placeholder) =>
    placeholder.startsWith("<time") ? inTwoHours : "aje00000000000000000",
  );
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text || "{}");
  } catch {
    return text;
  }
};

/** The placeholder of the folder: the first list of accounts is of it. */
const folderIn = (exchanges: Exchange[]): string =>
  exchanges.map(({ question }) => /folderId=(<id \d+>)/.exec(question.path)?.[1]).find((found) => found)!;

/** Writes the recording again: `RECORD_LIVE=1 npm test -- test/live/replay`. */
async function record(): Promise<void> {
  await using cloud = await startCloud();
  using journals = journalFolder();
  const session = sessionOn(cloud, journals.path);
  await session.probe(
    probeNames.filter((name) => name !== "capabilities"),
    () => {},
  );
  session.close();
  writeFileSync(FILE, recordingAsJson(session.exchanges));
}

describe("a recording, replayed", () => {
  beforeAll(() => (process.env["RECORD_LIVE"] ? record() : undefined));

  it("is answered by the local cloud with the same statuses, codes, fields and order", async () => {
    expect(await replayOn({}, readRecording())).toEqual([]);
  });

  it("shows by name where an answer is another one", async () => {
    const differences = await replayOn({ scopeOrder: "sorted" }, readRecording());

    expect(differences.length).toBeGreaterThan(0);
    for (const { exchange, path } of differences) {
      expect(exchange).toMatch(/^\d+ (POST|GET|PATCH) \/iam\/v1\/apiKeys/);
      expect(path).toMatch(/scopes\.\d$|\.scope$/);
    }
  });
});
