import { refuse } from "../../status";
import type { State } from "../../store/state";
import type { AiRequest, AiRoute } from "../routes";
import { invalid, isObject } from "./bodies";
import { findFile, textOfFile } from "./files";
import { listAnswer } from "./lists";
import { type AgentObject, newId } from "./objects";

/** A file in a vector store. */
export interface StoreFile {
  /** `<store> <file>`. */
  id: string;
  storeId: string;
  fileId: string;
  filename: string;
  bytes: number;
  attributes: Record<string, unknown>;
  /** The batch that it came with. */
  batchId: string | undefined;
  createdAt: number;
}

interface Batch {
  id: string;
  storeId: string;
  createdAt: number;
  fileIds: string[];
}

export const storeFileTable = (state: State) => state.tables.table<StoreFile>("vectorStoreFiles");

export const filesOf = (state: State, storeId: string): Readonly<StoreFile>[] =>
  [...storeFileTable(state).values()].filter((file) => file.storeId === storeId);

/** Puts files of the folder into a store; refuses an id that is not one before any is put. */
export function attachFiles(
  state: State,
  folderId: string,
  storeId: string,
  fileIds: unknown,
  now: number,
  more: Partial<Pick<StoreFile, "attributes" | "batchId">> = {},
): StoreFile[] {
  if (!Array.isArray(fileIds) || fileIds.length > 500 || !fileIds.every((id) => typeof id === "string"))
    return invalid("file_ids", "must be a list of at most 500 file IDs");
  const files = fileIds.map((fileId): StoreFile => {
    const { shown } = findFile(state, folderId, fileId);
    return {
      id: `${storeId} ${fileId}`,
      storeId,
      fileId,
      filename: String(shown["filename"]),
      bytes: Number(shown["bytes"]),
      attributes: more.attributes ?? {},
      batchId: more.batchId,
      createdAt: now,
    };
  });
  for (const file of files) storeFileTable(state).put(file.id, file);
  return files;
}

/** Files of a store, one by one and in batches. Each is ready as soon as it is there. */
export function storeFileRoutes(state: State, path: string, require: (request: AiRequest) => AgentObject): AiRoute[] {
  const batches = state.tables.table<Batch>("vectorStoreBatches");
  const requireFile = (request: AiRequest): StoreFile => {
    const store = require(request);
    const fileId = request.params["fileId"] ?? "";
    return (
      storeFileTable(state).get(`${store.id} ${fileId}`) ?? refuse("NOT_FOUND", `File with id '${fileId}' not found`)
    );
  };
  const requireBatch = (request: AiRequest): Batch => {
    const store = require(request);
    const batch = batches.get(request.params["batchId"] ?? "");
    return batch?.storeId === store.id ? batch : refuse("NOT_FOUND", "File batch not found");
  };

  return [
    {
      route: `POST ${path}/{id}/files`,
      answer(request) {
        const { id, folderId } = require(request);
        const { file_id: fileId, attributes = {} } = request.body;
        if (!isObject(attributes ?? {})) invalid("attributes", "must be an object");
        const more = { attributes: (attributes ?? {}) as Record<string, unknown> };
        const [file] = attachFiles(state, folderId, id, [fileId], request.call.now, more);
        request.call.wrote(id);
        return { json: file && shownFile(file) };
      },
    },
    {
      route: `GET ${path}/{id}/files`,
      answer: (request) => listAnswer(request.query, filesOf(state, require(request).id).map(shownFile)),
    },
    { route: `GET ${path}/{id}/files/{fileId}`, answer: (request) => ({ json: shownFile(requireFile(request)) }) },
    {
      route: `POST ${path}/{id}/files/{fileId}`,
      answer(request) {
        const file = requireFile(request);
        const { attributes } = request.body;
        if (!isObject(attributes)) return invalid("attributes", "must be an object");
        const changed = { ...file, attributes };
        storeFileTable(state).put(file.id, changed);
        request.call.wrote(file.fileId);
        return { json: shownFile(changed) };
      },
    },
    {
      route: `DELETE ${path}/{id}/files/{fileId}`,
      answer(request) {
        const file = requireFile(request);
        storeFileTable(state).remove(file.id);
        request.call.wrote(file.fileId);
        return { json: { id: file.fileId, object: "vector_store.file.deleted", deleted: true } };
      },
    },
    {
      route: `GET ${path}/{id}/files/{fileId}/content`,
      answer(request) {
        const text = textOfFile(state, requireFile(request).fileId);
        const data = [{ type: "text", text }];
        return { json: { object: "vector_store.file_content.page", data, has_more: false, next_page: null } };
      },
    },
    {
      route: `POST ${path}/{id}/file_batches`,
      answer(request) {
        const { id, folderId } = require(request);
        const batch: Batch = { id: newId("vsfb"), storeId: id, createdAt: request.call.now, fileIds: [] };
        const more = { batchId: batch.id };
        const files = attachFiles(state, folderId, id, request.body["file_ids"], request.call.now, more);
        const made = { ...batch, fileIds: files.map((file) => file.fileId) };
        batches.put(batch.id, made);
        request.call.wrote(batch.id);
        return { json: shownBatch(made) };
      },
    },
    {
      route: `GET ${path}/{id}/file_batches/{batchId}`,
      answer: (request) => ({ json: shownBatch(requireBatch(request)) }),
    },
    {
      route: `POST ${path}/{id}/file_batches/{batchId}/cancel`,
      answer: (request) => ({ json: shownBatch(requireBatch(request)) }),
    },
    {
      route: `GET ${path}/{id}/file_batches/{batchId}/files`,
      answer(request) {
        const batch = requireBatch(request);
        const files = filesOf(state, batch.storeId).filter((file) => file.batchId === batch.id);
        return listAnswer(request.query, files.map(shownFile));
      },
    },
  ];
}

const shownFile = (file: Readonly<StoreFile>) => ({
  id: file.fileId,
  object: "vector_store.file",
  created_at: Math.floor(file.createdAt / 1000),
  vector_store_id: file.storeId,
  status: "completed",
  last_error: null,
  usage_bytes: file.bytes,
  attributes: file.attributes,
});

const shownBatch = (batch: Batch) => ({
  id: batch.id,
  object: "vector_store.files_batch",
  created_at: Math.floor(batch.createdAt / 1000),
  vector_store_id: batch.storeId,
  status: "completed",
  file_counts: {
    in_progress: 0,
    completed: batch.fileIds.length,
    failed: 0,
    cancelled: 0,
    total: batch.fileIds.length,
  },
});
