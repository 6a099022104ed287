import {
  type OperationServiceServer,
  OperationServiceService,
} from "@yandex-cloud/nodejs-sdk/operation/operation_service";
import { requireCaller } from "../calls/identity";
import type { Operations } from "../calls/operations";
import { service } from "../calls/service";
import { id } from "../calls/validation";

/**
 * yandex.cloud.operation.OperationService. Every caller that has signed in may ask for any operation; the cloud's own rule is not documented.
 * An API key will do too: AI clients wait with it for what they asked for.
 */
export function operationService(operations: Operations) {
  return service<OperationServiceServer>(
    OperationServiceService,
    {
      get(request, call) {
        requireCaller(call);
        id("operationId", request.operationId);
        return operations.poll(request.operationId);
      },

      cancel(request, call) {
        requireCaller(call);
        id("operationId", request.operationId);
        return operations.cancel(request.operationId);
      },
    },
    "all",
  );
}
