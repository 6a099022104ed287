import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { startClock } from "../../emulator/clock";
import { openaiRoutes } from "../../emulator/dataPlane/openai";
import { responsesRoutes } from "../../emulator/dataPlane/responses";
import { aiServices } from "../../emulator/dataPlane/services";
import { speechRoutes } from "../../emulator/dataPlane/speech";
import { openLockbox } from "../../emulator/lockbox";
import { openOperations } from "../../emulator/operations";
import { services } from "../../emulator/services";
import { openState } from "../../emulator/state";
import { defaultSwitches } from "../../emulator/switches";

/** What the local cloud answers, as the tables of COVERAGE.md: taken from the services themselves. */
function coverage(): string {
  const state = openState({ clock: startClock(), switches: defaultSwitches });
  const operations = openOperations(state);
  const all = [...services(state, operations, openLockbox(state, undefined)), ...aiServices(state, operations)];
  const rows = all.map(({ definition, methods }) => {
    const calls = Object.entries(definition).map(([name, { path }]) => ({ name, path }));
    const service = calls[0]!.path.split("/")[1]!;
    const list = (some: { path: string }[]) => some.map(({ path }) => path.split("/")[2]).join(", ") || "–";
    const isAnswered = ({ name }: { name: string }) => name in methods;
    return `| ${service} | ${list(calls.filter(isAnswered))} | ${list(calls.filter((call) => !isAnswered(call)))} |`;
  });
  const routes = [...openaiRoutes(state), ...responsesRoutes(state), ...speechRoutes(state)].map(({ route }) => route);
  const http = [...routes, "POST /oauth/token", "GET /computeMetadata/v1/instance/service-accounts/default/token"];
  return [
    "| service | answered | UNIMPLEMENTED |",
    "|---|---|---|",
    ...rows.sort(),
    "",
    ...[...new Set(http)].sort().map((route) => `- \`${route}\``),
  ].join("\n");
}

/** Without what a formatter may do to a table. */
const linesOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) =>
      line
        .replace(/ +/g, " ")
        .replace(/-{3,}/g, "---")
        .replace(/ ?\| ?/g, "|"),
    )
    .filter(Boolean);

describe("COVERAGE.md", () => {
  it("lists exactly what the local cloud answers", async () => {
    const page = await readFile(join(__dirname, "../../emulator/COVERAGE.md"), "utf8");
    const listed = /<!-- coverage -->([\s\S]*)<!-- end of coverage -->/.exec(page)?.[1] ?? "";

    expect(linesOf(listed)).toEqual(linesOf(coverage()));
  });
});
