import type { Operations } from "../operations";
import type { Service } from "../service";
import type { State } from "../state";
import { accessBindings } from "./accessBindings";
import { apiKeys } from "./apiKeys";
import { clouds } from "./clouds";
import { endpoints } from "./endpoints";
import { folders } from "./folders";
import { iamTokens } from "./iamTokens";
import { operationService } from "./operations";
import { roles } from "./roles";
import { serviceAccounts } from "./serviceAccounts";

/** Every service of the control plane. */
export function services(state: State, operations: Operations): Service[] {
  const bindings = accessBindings(state, operations);
  return [
    apiKeys(state, operations),
    clouds(state, operations, bindings),
    endpoints(),
    folders(state, operations, bindings),
    iamTokens(state),
    operationService(operations),
    roles(),
    serviceAccounts(state, operations, bindings),
  ];
}
