import { check } from "../../provider/contract/lifecycle";
import type { Properties } from "../../provider/properties/values";
import { resources } from "../../provider/resources";
import { settingsFor } from "./smallCloud";

/** Checks the inputs of a new resource as the engine's Check does, without an engine. */
export function lifecycleCheck(token: string, newInputs: Properties, config: Record<string, unknown> = {}) {
  const resource = resources[token];
  if (!resource) throw new Error(`there is no resource ${token}`);
  const settings = settingsFor("127.0.0.1:9", config);
  const context = { urn: `urn:pulumi:dev::shop::${token}::thing`, settings, now: Date.parse("2026-06-01T00:00:00Z") };
  return check(resource, { newInputs, oldInputs: {} }, { ...context, unknown: new Set(), filledIn: new Set() });
}
