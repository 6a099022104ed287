import {
  type OperationServiceServer,
  OperationServiceService,
} from "@yandex-cloud/nodejs-sdk/operation/operation_service";
import type { Call } from "../calls/calls";
import type { Operations } from "../calls/operations";
import { service } from "../calls/service";
import { refuse } from "../status";
import { id } from "../calls/validation";

/**
 * yandex.cloud.operation.OperationService. Whoever has signed in may ask for any operation; the cloud's own rule is not documented.
 * An API key will do too: AI clients wait with it for what they asked for.
 */
export function operationService(operations: Operations) {
  const requireSomebody = (call: Call) => {
    if (call.credential.kind === "none") refuse("UNAUTHENTICATED", "IAM token or API key has to be passed in request");
    if (call.caller.id === "") refuse("UNAUTHENTICATED", "The token is invalid");
  };

  return service<OperationServiceServer>(
    OperationServiceService,
    {
      get(request, call) {
        requireSomebody(call);
        id("operationId", request.operationId);
        return operations.poll(request.operationId);
      },

      cancel(request, call) {
        requireSomebody(call);
        id("operationId", request.operationId);
        return operations.cancel(request.operationId);
      },
    },
    "all",
  );
}
