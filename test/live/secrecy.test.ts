import { probeNames } from "../../live/probes/names";
import { describeResults, resultsAsJson } from "../../live/report";
import { startCloud } from "../support/cloud";
import { journalFolder, sessionOn } from "./support";

describe("the report and the recording of a live run", () => {
  it("have no secret, no token, and no ID of the account", async () => {
    await using cloud = await startCloud({
      switches: { scopeOrder: "reversed", defaultScopes: "none", orphanGrants: true },
    });
    using journals = journalFolder();
    const seen: string[] = [cloud.token, cloud.folderId, cloud.cloudId];
    const session = sessionOn(cloud, journals.path, {
      around: (fetch) => async (url, request) => {
        const answer = await fetch(url, request);
        const text = await answer.text();
        for (const [, secret] of text.matchAll(/"secret":"([^"]+)"/g)) seen.push(secret!);
        for (const [, id] of text.matchAll(/"(?:id|serviceAccountId)":"(aje\w+)"/g)) seen.push(id!);
        return { ...answer, text: async () => text };
      },
    });
    const results = await session.probe(probeNames, () => {});
    session.close();
    const recording = JSON.stringify(session.exchanges);
    const texts = [recording, describeResults(results), resultsAsJson(session.run, "2026-01-01T00:00:00Z", results)];

    expect(seen.length).toBeGreaterThan(60);
    for (const text of texts) expect(seen.filter((each) => text.includes(each))).toEqual([]);
    expect(recording).toContain('"secret":"[secret]"');
    expect(recording).toContain("<id 1>");
  });
});
