import { capabilityNames, capabilityTable } from "../../components/capabilities";
import type { Assumption } from "../ledger";

/** Each capability: whether its roles and scopes open it. They follow from the table, so that a new one is asked about too. */
export const capabilityAssumptions: readonly Assumption[] = capabilityNames.map((name) => {
  const { roles, scopes, scope, documentation } = capabilityTable[name];
  return {
    id: `capability-${name}`,
    sentence: `Role ${roles.join(" and ")} with scope ${scopes.join(" and ")} opens ${name}, and a key of another scope does not.`,
    ground: scope,
    source: scope === "documented" ? documentation : `${documentation} names the role; the scope is not documented`,
    dependsOn: `capability ${name}: the application is refused if it needs more, and has too much if it needs less`,
    settledBy: "capabilities",
  };
});
