import { randomBytes } from "node:crypto";
import { DatasetInfo, DatasetInfo_Status } from "@yandex-cloud/nodejs-sdk/ai-dataset-v1/dataset";
import {
  type DatasetServiceServer,
  DatasetServiceService,
} from "@yandex-cloud/nodejs-sdk/ai-dataset-v1/dataset_service";
import { typed } from "../calls/messages";
import type { Operations } from "../calls/operations";
import { page } from "../calls/paging";
import { type Service, service } from "../calls/service";
import type { State } from "../store/state";
import { refuse } from "../status";
import { maskedFields } from "../calls/validation";
import { authorize } from "./authorization";
import type { AiRoute } from "./routes";

export interface DatasetRecord {
  id: string;
  folderId: string;
  name: string;
  description: string;
  labels: Record<string, string>;
  taskType: string;
  status: DatasetInfo_Status;
  rows: number;
  sizeBytes: number;
  /** What the address for its upload ends with: everybody who knows it may upload, as with a signed URL. */
  ticket?: string;
  createdAt: number;
}

export const datasetTable = (state: State) => state.tables.table<DatasetRecord>("datasets");

/** Refuses a dataset that is not in the folder, or that nothing can be made of yet. */
export function requireReady(state: State, datasetId: string, folderId: string): void {
  const dataset = datasetTable(state).get(datasetId);
  if (dataset?.folderId !== folderId) refuse("NOT_FOUND", `Dataset ${datasetId} not found`);
  if (dataset.status !== DatasetInfo_Status.READY)
    refuse("FAILED_PRECONDITION", `Dataset ${datasetId} has not been validated`);
}

const taskTypes = [
  "TextClassificationMulticlass",
  "TextClassificationMultilabel",
  "TextEmbeddingsPair",
  "TextEmbeddingsTriplet",
  "TextToTextGeneration",
  "TextToTextGenerationRequest",
];

/** yandex.cloud.ai.dataset.v1.DatasetService. Of an upload it keeps the number of rows and bytes, not the rows. */
export function datasets(state: State, operations: Operations): Service {
  const table = datasetTable(state);
  const require = (id: string) => table.get(id) ?? refuse("NOT_FOUND", `Dataset ${id} not found`);
  const folderOf = (id: string) => [table.get(id)?.folderId];
  const put = (dataset: DatasetRecord) => {
    table.put(dataset.id, dataset);
    return dataset;
  };

  const validate = operations.effect<{ id: string }>("validateDataset", ({ id }) => {
    const dataset = require(id);
    const isValid = dataset.rows > 0;
    put({ ...dataset, status: isValid ? DatasetInfo_Status.READY : DatasetInfo_Status.INVALID });
    const errors = isValid ? [] : [{ error: "EMPTY", errorDescription: "The dataset has no rows", rowNumbers: [] }];
    return typed("yandex.cloud.ai.dataset.v1.ValidateDatasetResponse", { datasetId: id, isValid, errors });
  });

  return service<DatasetServiceServer>(
    DatasetServiceService,
    {
      list(request, call) {
        const { folderId } = authorize(state, call, "viewDatasets", [request.folderId]);
        const own = [...table.values()].filter((dataset) => dataset.folderId === folderId);
        const { items, nextPageToken } = page(own, request, (dataset) => dataset.id);
        return { datasets: items.map(toMessage), nextPageToken };
      },
      create(request, call) {
        const { folderId } = authorize(state, call, "datasets", [request.folderId]);
        const { name, description, labels, taskType } = request;
        if (name === "" || taskType === "") refuse("INVALID_ARGUMENT", "name and taskType must be specified");
        const dataset = put({
          id: state.newId("fds"),
          folderId,
          name,
          description,
          labels,
          taskType,
          status: DatasetInfo_Status.DRAFT,
          rows: 0,
          sizeBytes: 0,
          createdAt: call.now,
        });
        call.wrote(dataset.id);
        return { datasetId: dataset.id, dataset: toMessage(dataset) };
      },
      describe(request, call) {
        authorize(state, call, "viewDatasets", folderOf(request.datasetId));
        return { dataset: toMessage(require(request.datasetId)) };
      },
      update(request, call) {
        authorize(state, call, "datasets", folderOf(request.datasetId));
        const fields = maskedFields(request.updateMask, ["name", "description", "labels"] as const);
        const changes = Object.fromEntries(fields.map((field) => [field, request[field]]));
        call.wrote(request.datasetId);
        return { dataset: toMessage(put({ ...require(request.datasetId), ...changes })) };
      },
      delete(request, call) {
        authorize(state, call, "datasets", folderOf(request.datasetId));
        table.remove(require(request.datasetId).id);
        call.wrote(request.datasetId);
        return {};
      },
      getUploadDraftUrl(request, call) {
        authorize(state, call, "datasets", folderOf(request.datasetId));
        const ticket = randomBytes(16).toString("hex");
        const { id } = put({ ...require(request.datasetId), ticket });
        return { datasetId: id, uploadUrl: `${call.addresses.url}/dataset-drafts/${id}/${ticket}` };
      },
      validate(request, call) {
        authorize(state, call, "datasets", folderOf(request.datasetId));
        const dataset = put({ ...require(request.datasetId), status: DatasetInfo_Status.VALIDATING });
        return validate(call, {
          idPrefix: "fds",
          description: "Validate dataset",
          resourceId: "",
          metadata: typed("yandex.cloud.ai.dataset.v1.ValidateDatasetMetadata", {
            datasetId: dataset.id,
            validRows: dataset.rows,
            processedRows: dataset.rows,
            totalRows: dataset.rows,
          }),
          payload: { id: dataset.id },
        });
      },
      listUploadFormats(_request, call) {
        authorize(state, call, "viewDatasets", []);
        return { formats: ["jsonlines"] };
      },
      listTypes(request, call) {
        authorize(state, call, "viewDatasets", [request.folderId]);
        return { types: taskTypes };
      },
    },
    "all",
  );
}

/** Where a draft is uploaded to: an address that an authorized caller was given, and that needs no header. */
export const datasetRoutes = (state: State): AiRoute[] => [
  {
    route: "PUT /dataset-drafts/{datasetId}/{ticket}",
    errors: "plain",
    answer({ params, bytes }) {
      const dataset = datasetTable(state).get(params["datasetId"] ?? "");
      if (!dataset?.ticket || dataset.ticket !== params["ticket"])
        return refuse("PERMISSION_DENIED", "The address of the upload is not valid");
      const rows = bytes.toString().split("\n").filter(Boolean).length;
      datasetTable(state).put(dataset.id, { ...dataset, rows, sizeBytes: bytes.length });
      return { bytes: Buffer.alloc(0), type: "text/plain" };
    },
  },
];

const toMessage = ({ id: datasetId, createdAt, ticket: _, ...fields }: DatasetRecord): DatasetInfo =>
  DatasetInfo.fromPartial({ datasetId, createdAt: new Date(createdAt), ...fields });
