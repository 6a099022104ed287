import {
  GetOptionsResponse,
  TuningRequest,
  type TuningServiceServer,
  TuningServiceService,
} from "@yandex-cloud/nodejs-sdk/ai-tuning-v1/tuning_service";
import { TuningTask, TuningTask_Status } from "@yandex-cloud/nodejs-sdk/ai-tuning-v1/tuning_task";
import { typed } from "../calls/messages";
import type { Operations } from "../calls/operations";
import { page } from "../calls/paging";
import { type Service, service } from "../calls/service";
import type { State } from "../store/state";
import { refuse } from "../status";
import { authorize } from "./authorization";
import { requireReady } from "./datasets";
import { folderOfModel, requireModel, tunedModels } from "./models";

interface TuningRecord {
  id: string;
  folderId: string;
  status: TuningTask_Status;
  /** What was asked for, as its JSON. */
  request: unknown;
  createdAt: number;
}

/** yandex.cloud.ai.tuning.v1.TuningService: tasks that end with a model which answers like any other. No metrics, no drafts. */
export function tuning(state: State, operations: Operations): Service {
  const tasks = state.tables.table<TuningRecord>("tuningTasks");
  const require = (id: string) => tasks.get(id) ?? refuse("NOT_FOUND", `Tuning task ${id} not found`);
  const folderOf = (id: string) => [tasks.get(id)?.folderId];

  const complete = operations.effect<{ id: string }>("tune", ({ id }) => {
    const task = { ...require(id), status: TuningTask_Status.COMPLETED };
    tasks.put(id, task);
    const { targetModelUri, status } = toMessage(task);
    tunedModels(state).put(targetModelUri, {
      id: targetModelUri,
      folderId: task.folderId,
      dimensions: dimensionsOf(task),
    });
    return typed("yandex.cloud.ai.tuning.v1.TuningResponse", { tuningTaskId: id, status, targetModelUri });
  });

  return service<TuningServiceServer>(
    TuningServiceService,
    {
      list(request, call) {
        const { folderId } = authorize(state, call, "tuning", [request.folderId]);
        const own = [...tasks.values()].filter((task) => task.folderId === folderId);
        const { items, nextPageToken } = page(own, request, (task) => task.id);
        return { tuningTasks: items.map(toMessage), nextPageToken };
      },
      tune(request, call) {
        const { folderId } = authorize(state, call, "tuning", [folderOfModel(request.baseModelUri)]);
        requireModel(state, request.baseModelUri, ["gpt", "cls", "emb"]);
        if (request.trainDatasets.length === 0) refuse("INVALID_ARGUMENT", "trainDatasets must not be empty");
        for (const { datasetId } of [...request.trainDatasets, ...request.validationDatasets])
          requireReady(state, datasetId, folderId);

        // Recorded: a task and its operation have one id.
        const id = state.newId("ftn");
        const status = TuningTask_Status.CREATED;
        tasks.put(id, { id, folderId, status, request: TuningRequest.toJSON(request), createdAt: call.now });
        return complete(call, {
          id,
          idPrefix: "ftn",
          description: "",
          resourceId: "",
          metadata: typed("yandex.cloud.ai.tuning.v1.TuningMetadata", { tuningTaskId: id, status }),
          payload: { id },
        });
      },
      describe(request, call) {
        authorize(state, call, "tuning", folderOf(request.tuningTaskId));
        return { tuningTask: toMessage(require(request.tuningTaskId)) };
      },
      getOptions(request, call) {
        authorize(state, call, "tuning", folderOf(request.taskId));
        const { id: taskId, request: asked } = require(request.taskId);
        return GetOptionsResponse.fromPartial({ ...TuningRequest.fromJSON(asked), taskId } as object);
      },
      cancel(request, call) {
        authorize(state, call, "tuning", folderOf(request.tuningTaskId));
        const task = require(request.tuningTaskId);
        operations.cancel(task.id);
        tasks.put(task.id, { ...task, status: TuningTask_Status.CANCELED });
        call.wrote(task.id);
        return { tuningTaskId: task.id };
      },
    },
    "all",
  );
}

/** Those that a model of embeddings was tuned for. */
function dimensionsOf({ request }: Readonly<TuningRecord>): number[] {
  const { textEmbeddingPairParams: pair, textEmbeddingTripletParams: triplet } = TuningRequest.fromJSON(request);
  return (pair ?? triplet)?.embeddingDims ?? [];
}

function toMessage({ id: taskId, request, createdAt, ...task }: Readonly<TuningRecord>): TuningTask {
  const { baseModelUri, name, description, labels } = TuningRequest.fromJSON(request);
  const isDone = task.status === TuningTask_Status.COMPLETED;
  const [, scheme = "", model = ""] = /^([a-z]+):\/\/[^/]+\/(.+?)\/?$/.exec(baseModelUri) ?? [];
  const version = model.includes("/") ? model : `${model}/latest`;
  return TuningTask.fromPartial({
    ...task,
    taskId,
    operationId: taskId,
    name,
    description,
    labels,
    // Recorded: the model it comes from stands without the folder.
    sourceModelUri: `${scheme}://${version}`,
    targetModelUri: isDone ? `${scheme}://${task.folderId}/${version}@tamr${taskId.slice(3)}` : "",
    createdAt: new Date(createdAt),
  });
}
