import { readFileSync } from "node:fs";
import { openOperations } from "../../emulator/calls/operations";
import { startClock } from "../../emulator/clock";
import { realtimeRoute } from "../../emulator/dataPlane/realtime";
import { aiRoutes } from "../../emulator/dataPlane/serve";
import { aiServices } from "../../emulator/dataPlane/services";
import { services } from "../../emulator/services";
import { openLockbox } from "../../emulator/services/lockbox";
import { openState } from "../../emulator/store/state";
import { defaultSwitches } from "../../emulator/switches";

/** The calls that the local cloud answers, in Markdown: taken from the services themselves. */
export function coverage(): string {
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
  const http = [
    ...aiRoutes(state).map(({ route }) => route),
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

interface Client {
  client: string;
  /** Where it is pinned, beside the list; by `language` if it is one of those that the checks are run with. */
  pins?: string;
  language?: "python" | "node";
  package?: string;
  proves?: string;
  checks?: string[];
}

const folder = "test/conformance/clients";
const pinsOf = { python: "python/requirements.txt", node: "node/package.json" };

/** The clients that others wrote and what each proves, in Markdown: from the list that `npm run conformance` runs through. */
export function clientTable(): string {
  const read = (name: string) => readFileSync(`${folder}/${name}`, "utf8");
  const { proofs, clients } = JSON.parse(read("clients.json")) as { proofs: Record<string, string>; clients: Client[] };
  const versionOf = ({ pins, language, package: name }: Client): string => {
    const file = pins ?? (language && pinsOf[language]);
    if (!file || !name) return "of the machine";
    const place = new RegExp(
      `^\\W*${name.replace(/[/.]/g, "\\$&")}(?:/v\\d+)?(?:\\[\\w+\\])?(?:==|": ?"| v?)([\\w.]+)`,
      "m",
    );
    return place.exec(read(file))?.[1] ?? fail(`${name} is not pinned in ${folder}/${file}`);
  };
  const rows = clients.map((client) => {
    const proved = client.proves ?? (client.checks ?? []).map((check) => proofs[check] ?? fail(check)).join(", ");
    return `| ${client.client} | ${versionOf(client)} | ${proved} |`;
  });
  return ["| client | version | proves |", "|---|---|---|", ...rows].join("\n");
}

function fail(problem: string): never {
  throw new Error(problem);
}
