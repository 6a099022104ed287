import { readdirSync } from "node:fs";
import { assumptions } from "../../live/ledger";
import { probeNames } from "../../live/probes/names";
import type { Result } from "../../live/run";
import type { Switches } from "../../emulator/switches";
import { startCloud } from "../support/cloud";
import { journalFolder, sessionOn } from "./support";

async function probeAll(switches: Partial<Switches>): Promise<{ results: Result[]; left: string }> {
  await using cloud = await startCloud({ switches });
  using journals = journalFolder();
  const before = cloud.snapshot();
  const session = sessionOn(cloud, journals.path);
  try {
    const results = await session.probe(probeNames, () => {});
    const left = [difference(before, cloud.snapshot()), ...readdirSync(journals.path)];
    return { results, left: left.join() };
  } finally {
    session.close();
  }
}

const difference = (before: object, after: object): string =>
  JSON.stringify(before) === JSON.stringify(after) ? "nothing" : JSON.stringify(after);

describe("live probes", () => {
  it("find that every assumption holds on the local cloud as it is, and leave nothing", async () => {
    const { results, left } = await probeAll({});

    const tried = assumptions.filter(({ settledBy }) => typeof settledBy === "string").map(({ id }) => id);
    expect(results.map(({ assumption }) => assumption.id).sort()).toEqual(tried.sort());
    expect(
      results
        .filter(({ finding }) => finding.verdict !== "holds")
        .map(({ assumption, finding }) => [assumption.id, finding.observed]),
    ).toEqual([
      ["binding-conflicts", expect.any(String)],
      ["capability-mcp", expect.any(String)],
    ]);
    expect(left).toBe("nothing");
  });

  it.each<[keyof Switches, Partial<Switches>, string]>([
    ["operations", { operations: { ms: 1200 } }, "wire-operation-done"],
    ["roleDelayMs", { roleDelayMs: 4000 }, "role-delay"],
    ["keyDelayMs", { keyDelayMs: 4000 }, "key-delay"],
    ["staleNodes", { staleNodes: { everyNth: 3, lagMs: 60_000 } }, "role-servers"],
    ["bindingListLagMs", { bindingListLagMs: 3000 }, "binding-list-lag"],
    ["orphanGrants", { orphanGrants: true }, "binding-orphans"],
    ["bindingConflicts", { operations: { ms: 500 }, bindingConflicts: false }, "binding-conflicts"],
    ["keyCreateIdempotent", { keyCreateIdempotent: true }, "key-create-repeat"],
    [
      "scopes",
      {
        scopes: [
          "yc.ai.languageModels.execute",
          "yc.ai.vision.execute",
          "yc.ai.translate.execute",
          "yc.ai.imageGeneration.execute",
        ],
      },
      "key-scope-list",
    ],
    ["scopeOrder", { scopeOrder: "sorted" }, "key-scope-order"],
    ["refusePastExpiry", { refusePastExpiry: true }, "key-past-expiry"],
    ["nameFreesAtOnce", { nameFreesAtOnce: false }, "account-name-frees"],
    ["defaultScopes", { defaultScopes: "none" }, "key-default-scopes"],
    ["usageChunk", { usageChunk: "always" }, "model-usage-chunk"],
    ["autoToolCalls", { autoToolCalls: false }, "model-tool-calls"],
    ["embeddings", { embeddings: "openai" }, "model-embeddings"],
    ["responsesNeedAgentRole", { responsesNeedAgentRole: false }, "model-agents-role"],
  ])("find switch %s set the other way, name it, and leave nothing", async (name, switches, id) => {
    const { results, left } = await probeAll(switches);

    const found = results.find(({ assumption }) => assumption.id === id)!;
    expect([found.assumption.switch, found.finding.verdict]).toEqual([name, "differs"]);
    expect(found.finding).toHaveProperty(["set", name]);
    expect(found.exchanges.length).toBeGreaterThan(0);
    expect(left).toBe("nothing");
  });
});
