/**
 * services: the control plane, one file for each service of the vendor's definitions, in terms of messages.
 * It may import tokens, calls, catalogue and store, and knows no transport. Start with roles.ts, the smallest, or
 * serviceAccounts.ts, a usual one: create, list and update by mask, each through an operation.
 */
import type { Lockbox } from "./lockbox";
import type { Operations } from "../calls/operations";
import type { Service } from "../calls/service";
import type { State } from "../store/state";
import { accessBindings } from "./accessBindings";
import { apiKeys } from "./apiKeys";
import { clouds } from "./clouds";
import { endpoints } from "./endpoints";
import { folders } from "./folders";
import { iamTokens } from "./iamTokens";
import { keys } from "./keys";
import { mcpGateways } from "./mcpGateways";
import { operationService } from "./operations";
import { payloads } from "./payloads";
import { roles } from "./roles";
import { secrets } from "./secrets";
import { serviceAccounts } from "./serviceAccounts";
import { userAccounts } from "./userAccounts";

/** Every service of the control plane. */
export function services(state: State, operations: Operations, lockbox: Lockbox): Service[] {
  const bindings = accessBindings(state, operations);
  return [
    apiKeys(state, operations),
    clouds(state, operations, bindings),
    endpoints(),
    folders(state, operations, bindings),
    iamTokens(state),
    keys(state, operations),
    mcpGateways(state, operations, bindings),
    operationService(operations),
    payloads(state, lockbox),
    roles(),
    secrets(state, operations, bindings, lockbox),
    serviceAccounts(state, operations, bindings),
    ...userAccounts(state),
  ];
}
