import {
  type BatchInferenceServiceServer,
  BatchInferenceServiceService,
} from "@yandex-cloud/nodejs-sdk/ai-batch_inference-v1/batch_inference_service";
import {
  BatchInferenceTask,
  BatchInferenceTask_Status as Status,
} from "@yandex-cloud/nodejs-sdk/ai-batch_inference-v1/batch_inference_task";
import { DatasetInfo_Status } from "@yandex-cloud/nodejs-sdk/ai-dataset-v1/dataset";
import {
  BatchCompletionRequest,
  type TextGenerationBatchServiceServer,
  TextGenerationBatchServiceService,
} from "@yandex-cloud/nodejs-sdk/ai-foundation_models-v1/text_generation/text_generation_service";
import { typed } from "../calls/messages";
import type { Operations } from "../calls/operations";
import { page } from "../calls/paging";
import { type Service, service } from "../calls/service";
import type { State } from "../store/state";
import { refuse } from "../status";
import { authorize } from "./authorization";
import { datasetTable, requireReady } from "./datasets";
import { answerTo, folderOfModel, requireModel } from "./models";

interface BatchRecord {
  id: string;
  operationId: string;
  folderId: string;
  status: Status;
  /** What was asked for, as its JSON. */
  request: unknown;
  resultDatasetId: string;
  createdBy: string;
  createdAt: number;
  finishedAt?: number;
}

const messages = "yandex.cloud.ai.foundation_models.v1";

/** Completions of a whole dataset, and the tasks that make them. They ask for what a single completion asks (assumed). */
export function batchInference(state: State, operations: Operations): Service[] {
  const tasks = state.tables.table<BatchRecord>("batchTasks");
  const require = (id: string) => tasks.get(id) ?? refuse("NOT_FOUND", `Batch inference task ${id} not found`);
  const folderOf = (id: string) => [tasks.get(id)?.folderId];

  const complete = operations.effect<{ id: string }>("batchCompletion", ({ id }) => {
    const task: BatchRecord = { ...require(id), status: Status.COMPLETED, finishedAt: state.clock.now() };
    putResult(state, task);
    tasks.put(id, task);
    const { resultDatasetId } = task;
    return typed(`${messages}.BatchCompletionResponse`, { taskId: id, taskStatus: task.status, resultDatasetId });
  });

  return [
    service<TextGenerationBatchServiceServer>(
      TextGenerationBatchServiceService,
      {
        completion(request, call) {
          const { folderId } = authorize(state, call, "text", [folderOfModel(request.modelUri)]);
          requireModel(state, request.modelUri, ["gpt"]);
          requireReady(state, request.sourceDatasetId ?? "", folderId);
          const [id, operationId] = [state.newId("fbi"), state.newId("fbi")];
          const task: BatchRecord = {
            ...{ id, operationId, folderId, status: Status.CREATED, resultDatasetId: state.newId("fds") },
            request: BatchCompletionRequest.toJSON(request),
            createdBy: call.caller.id,
            createdAt: call.now,
          };
          tasks.put(id, task);
          return complete(call, {
            id: operationId,
            idPrefix: "fbi",
            description: "",
            resourceId: "",
            metadata: typed(`${messages}.BatchCompletionMetadata`, { taskId: id, taskStatus: task.status }),
            payload: { id },
          });
        },
      },
      "all",
    ),
    service<BatchInferenceServiceServer>(
      BatchInferenceServiceService,
      {
        describe(request, call) {
          authorize(state, call, "text", folderOf(request.taskId));
          return { task: toMessage(require(request.taskId)) };
        },
        list(request, call) {
          const { folderId } = authorize(state, call, "text", [request.folderId]);
          const isAsked = ({ status }: BatchRecord) => !request.status || status === request.status;
          const own = [...tasks.values()].filter((task) => task.folderId === folderId && isAsked(task));
          const { items, nextPageToken } = page(own, request, (task) => task.id);
          return { tasks: items.map(toMessage), nextPageToken };
        },
        cancel({ taskId }, call) {
          authorize(state, call, "text", folderOf(taskId));
          const task = require(taskId);
          operations.cancel(task.operationId);
          tasks.put(taskId, { ...task, status: Status.CANCELED, finishedAt: call.now });
          call.wrote(taskId);
          return { taskId };
        },
        delete({ taskId }, call) {
          authorize(state, call, "text", folderOf(taskId));
          if (require(taskId).finishedAt === undefined)
            refuse("FAILED_PRECONDITION", `Batch inference task ${taskId} is not finished: cancel it first`);
          tasks.remove(taskId);
          call.wrote(taskId);
          return { taskId };
        },
      },
      "all",
    ),
  ];
}

/** Recorded: the name, the labels and the type of the dataset that a task ends with. Each row is the question and the answer. */
function putResult(state: State, { id, folderId, request, resultDatasetId }: BatchRecord): void {
  const { modelUri, sourceDatasetId = "" } = BatchCompletionRequest.fromJSON(request);
  const { rows = 0, sizeBytes = 0 } = datasetTable(state).get(sourceDatasetId) ?? {};
  datasetTable(state).put(resultDatasetId, {
    ...{ id: resultDatasetId, folderId, name: `Batch inference ${id} result`, description: "" },
    labels: { foundation_models_batch_task_id: id, foundation_models_source_dataset: sourceDatasetId },
    taskType: "TextToTextGeneration",
    status: DatasetInfo_Status.READY,
    rows,
    sizeBytes: sizeBytes + rows * answerTo(modelUri, "").length,
    createdAt: state.clock.now(),
  });
}

function toMessage({ id: taskId, request, createdAt, finishedAt, ...task }: Readonly<BatchRecord>): BatchInferenceTask {
  const { modelUri, sourceDatasetId = "", ...asked } = BatchCompletionRequest.fromJSON(request);
  return BatchInferenceTask.fromPartial({
    ...task,
    ...{ taskId, modelUri, sourceDatasetId },
    completionRequest: { ...asked, modelUri, sourceDatasetId },
    createdAt: new Date(createdAt),
    finishedAt: finishedAt === undefined ? undefined : new Date(finishedAt),
  } as object);
}
