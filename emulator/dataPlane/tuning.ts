import { DatasetInfo, DatasetInfo_Status } from "@yandex-cloud/nodejs-sdk/ai-dataset-v1/dataset";
import {
  type DatasetServiceServer,
  DatasetServiceService,
} from "@yandex-cloud/nodejs-sdk/ai-dataset-v1/dataset_service";
import { type TuningServiceServer, TuningServiceService } from "@yandex-cloud/nodejs-sdk/ai-tuning-v1/tuning_service";
import { page } from "../paging";
import { type Service, service } from "../service";
import type { State } from "../state";
import { refuse } from "../status";
import { admit } from "./admission";

interface DatasetRecord {
  id: string;
  folderId: string;
  name: string;
  description: string;
  taskType: string;
  createdAt: number;
}

/** Datasets (made as drafts, described, listed, deleted; no upload) and the list of tuning tasks, which is always empty. */
export function tuning(state: State): Service[] {
  const datasets = state.tables.table<DatasetRecord>("datasets");
  const require = (id: string) => datasets.get(id) ?? refuse("NOT_FOUND", `Dataset ${id} not found`);

  return [
    service<DatasetServiceServer>(
      DatasetServiceService,
      {
        list(request, call) {
          const { folderId } = admit(state, call, "datasets", [request.folderId]);
          const own = [...datasets.values()].filter((dataset) => dataset.folderId === folderId);
          const { items, nextPageToken } = page(own, request, (dataset) => dataset.id);
          return { datasets: items.map(toMessage), nextPageToken };
        },
        create(request, call) {
          const { folderId } = admit(state, call, "datasets", [request.folderId]);
          if (request.name === "" || request.taskType === "")
            refuse("INVALID_ARGUMENT", "name and taskType must be specified");
          const { name, description, taskType } = request;
          const dataset = { id: state.newId("fds"), folderId, name, description, taskType, createdAt: call.now };
          datasets.put(dataset.id, dataset);
          call.wrote(dataset.id);
          return { datasetId: dataset.id, dataset: toMessage(dataset) };
        },
        describe(request, call) {
          admit(state, call, "datasets", [datasets.get(request.datasetId)?.folderId]);
          return { dataset: toMessage(require(request.datasetId)) };
        },
        delete(request, call) {
          admit(state, call, "datasets", [datasets.get(request.datasetId)?.folderId]);
          datasets.remove(require(request.datasetId).id);
          call.wrote(request.datasetId);
          return {};
        },
      },
      "all",
    ),
    service<TuningServiceServer>(
      TuningServiceService,
      {
        list(request, call) {
          admit(state, call, "tuning", [request.folderId]);
          return { tuningTasks: [], nextPageToken: "" };
        },
      },
      "all",
    ),
  ];
}

const toMessage = (dataset: DatasetRecord) =>
  DatasetInfo.fromPartial({
    datasetId: dataset.id,
    folderId: dataset.folderId,
    name: dataset.name,
    description: dataset.description,
    taskType: dataset.taskType,
    status: DatasetInfo_Status.DRAFT,
    createdAt: new Date(dataset.createdAt),
  });
