import {
  type OperationServiceServer,
  OperationServiceService,
} from "@yandex-cloud/nodejs-sdk/operation/operation_service";
import type { Operations } from "../operations";
import { service } from "../service";
import { id } from "../validation";

/** yandex.cloud.operation.OperationService. Whoever has signed in may ask for any operation; the cloud's own rule is not documented. */
export function operationService(operations: Operations) {
  return service<OperationServiceServer>(OperationServiceService, {
    get(request) {
      id("operationId", request.operationId);
      return operations.poll(request.operationId);
    },

    cancel(request) {
      id("operationId", request.operationId);
      return operations.cancel(request.operationId);
    },
  });
}
