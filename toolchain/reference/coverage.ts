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
