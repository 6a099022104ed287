import { type Folder, Folder_Status } from "@yandex-cloud/nodejs-sdk/resourcemanager-v1/folder";
import {
  type FolderServiceServer,
  FolderServiceService,
} from "@yandex-cloud/nodejs-sdk/resourcemanager-v1/folder_service";
import { cloudResource, folderResource } from "../access";
import { typed } from "../messages";
import type { Operations } from "../operations";
import { page } from "../paging";
import type { FolderRecord } from "../records";
import { service } from "../service";
import type { State } from "../state";
import { refuse } from "../status";
import { description, folderName, id, labels, maskedFields, moment, pattern, required } from "../validation";
import type { AccessBindings } from "./accessBindings";
import { nameFilter } from "./nameFilter";
import { removeFolder } from "./removal";

/** yandex.cloud.resourcemanager.v1.FolderService. Access policies are not emulated. */
export function folders(state: State, operations: Operations, bindings: AccessBindings) {
  const create = operations.effect<FolderRecord>("createFolder", (folder) => {
    state.folders.put(folder.id, folder);
    return typed("yandex.cloud.resourcemanager.v1.Folder", toMessage(folder));
  });

  const update = operations.effect<Partial<FolderRecord> & { id: string }>("updateFolder", (changes) => {
    const folder = { ...state.requireFolder(changes.id), ...changes };
    state.folders.put(folder.id, folder);
    return typed("yandex.cloud.resourcemanager.v1.Folder", toMessage(folder));
  });
  const remove = operations.effect<{ id: string }>("deleteFolder", (gone) => {
    removeFolder(state, state.requireFolder(gone.id));
    return typed("google.protobuf.Empty", {});
  });

  const statusOf = (folder: FolderRecord) =>
    operations.pendingOn(folder.id).some((operation) => operation.effect?.name === "deleteFolder")
      ? Folder_Status.PENDING_DELETION
      : Folder_Status.ACTIVE;

  return service<FolderServiceServer>(FolderServiceService, {
    get(request, call) {
      id("folderId", request.folderId);
      const folder = state.requireFolder(request.folderId);
      call.access.require(call.caller.id, "viewFolder", folderResource(folder.id));
      return toMessage(folder, statusOf(folder));
    },

    list(request, call) {
      id("cloudId", request.cloudId);
      const cloud = state.requireCloud(request.cloudId);
      const matches = nameFilter(request.filter);
      // Who may see single folders gets those, as in the cloud; nobody is refused the list.
      const seen = [...state.index.foldersIn(cloud.id)]
        .map((id) => state.requireFolder(id))
        .filter((folder) => matches(folder) && call.access.allows(call.caller.id, viewers, folderResource(folder.id)));
      const { items, nextPageToken } = page(seen, request, (folder) => folder.id);
      return { folders: items.map((folder) => toMessage(folder, statusOf(folder))), nextPageToken };
    },

    create(request, call) {
      id("cloudId", request.cloudId);
      const cloud = state.requireCloud(request.cloudId);
      call.access.require(call.caller.id, "manageFolders", cloudResource(cloud.id));
      required("name", request.name);
      pattern("name", request.name, folderName);
      description(request.description);
      labels(request.labels);
      requireFreeName(state, cloud.id, request.name);

      const { name, description: text, labels: tags } = request;
      const folder = {
        id: state.newId("b1gf"),
        cloudId: cloud.id,
        name,
        description: text,
        labels: tags,
        createdAt: call.now,
      };
      return create(call, {
        idPrefix: "b1g",
        description: "Create folder",
        resourceId: folder.id,
        metadata: typed("yandex.cloud.resourcemanager.v1.CreateFolderMetadata", { folderId: folder.id }),
        payload: folder,
      });
    },

    update(request, call) {
      id("folderId", request.folderId);
      const folder = state.requireFolder(request.folderId);
      call.access.require(call.caller.id, "manageFolders", folderResource(folder.id));
      const fields = maskedFields(request.updateMask, ["name", "description", "labels"] as const);
      if (fields.includes("name")) pattern("name", request.name, folderName);
      description(request.description);
      labels(request.labels);
      if (fields.includes("name") && request.name !== folder.name) requireFreeName(state, folder.cloudId, request.name);
      return update(call, {
        idPrefix: "b1g",
        description: "Update folder",
        resourceId: folder.id,
        metadata: typed("yandex.cloud.resourcemanager.v1.UpdateFolderMetadata", { folderId: folder.id }),
        payload: { id: folder.id, ...Object.fromEntries(fields.map((field) => [field, request[field]])) },
      });
    },

    delete(request, call) {
      id("folderId", request.folderId);
      const folder = state.requireFolder(request.folderId);
      call.access.require(call.caller.id, "manageFolders", folderResource(folder.id));
      const deleteAfter = moment("deleteAfter", request.deleteAfter) ?? call.now + dayMs;
      return remove(call, {
        idPrefix: "b1g",
        description: "Delete folder",
        resourceId: folder.id,
        metadata: typed("yandex.cloud.resourcemanager.v1.DeleteFolderMetadata", {
          folderId: folder.id,
          deleteAfter: new Date(deleteAfter),
        }),
        payload: { id: folder.id },
        notBefore: deleteAfter,
      });
    },

    listOperations(request, call) {
      id("folderId", request.folderId);
      const folder = state.requireFolder(request.folderId);
      call.access.require(call.caller.id, "viewFolder", folderResource(folder.id));
      const { items, nextPageToken } = page(operations.of(folder.id), request, (operation) => operation.id);
      return { operations: items, nextPageToken };
    },

    ...bindings.methods({
      kind: "resource-manager.folder",
      idPrefix: "b1g",
      right: "setBindings",
      viewRight: "viewBindings",
      find: (id) => folderResource(state.requireFolder(id).id),
    }),
  });
}

/** How long a folder waits for its deletion unless the request says otherwise; until then it can be called off. */
const dayMs = 24 * 60 * 60 * 1000;

function requireFreeName(state: State, cloudId: string, name: string): void {
  const names = [...state.index.foldersIn(cloudId)].map((id) => state.requireFolder(id).name);
  if (names.includes(name)) refuse("ALREADY_EXISTS", `Folder with name ${name} already exists`);
}

const viewers = ["resource-manager.viewer", "viewer"];

const toMessage = (folder: FolderRecord, status = Folder_Status.ACTIVE): Folder => ({
  id: folder.id,
  cloudId: folder.cloudId,
  createdAt: new Date(folder.createdAt),
  name: folder.name,
  description: folder.description,
  labels: folder.labels,
  status,
});
