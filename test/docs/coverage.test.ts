import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startClock } from "../../emulator/clock";
import { realtimeRoute } from "../../emulator/dataPlane/realtime";
import { aiRoutes } from "../../emulator/dataPlane/serve";
import { aiServices } from "../../emulator/dataPlane/services";
import { openLockbox } from "../../emulator/services/lockbox";
import { openOperations } from "../../emulator/calls/operations";
import { services } from "../../emulator/services";
import { openState } from "../../emulator/store/state";
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
  const routes = aiRoutes(state).map(({ route }) => route);
  const http = [
    ...routes,
    `${realtimeRoute} (WebSocket)`,
    "POST /oauth/token",
    "GET /computeMetadata/v1/instance/service-accounts/default/token",
  ];
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

const file = join(__dirname, "../../emulator/COVERAGE.md");
const PLACE = /(<!-- coverage -->\n)[^]*(\n<!-- end of coverage -->)/;

describe("COVERAGE.md", () => {
  it("lists exactly what the local cloud answers; WRITE_DOCS=1 writes it anew", async () => {
    const page = await readFile(file, "utf8");
    const current = page.replace(PLACE, `$1\n${coverage()}\n$2`);

    if (process.env["WRITE_DOCS"]) await writeFile(file, current);
    else expect(linesOf(page)).toEqual(linesOf(current));
  });
});
