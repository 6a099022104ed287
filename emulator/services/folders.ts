import { type Folder, Folder_Status } from "@yandex-cloud/nodejs-sdk/resourcemanager-v1/folder";
import {
  type FolderServiceServer,
  FolderServiceService,
} from "@yandex-cloud/nodejs-sdk/resourcemanager-v1/folder_service";
import { cloudResource, folderResource } from "../calls/access";
import type { Call } from "../calls/calls";
import type { Operations } from "../calls/operations";
import { page } from "../calls/paging";
import type { FolderRecord } from "../store/records";
import type { Right } from "../catalogue/roles";
import { service } from "../calls/service";
import type { State } from "../store/state";
import { refuse } from "../status";
import { id } from "../calls/validation";
import type { AccessBindings } from "./accessBindings";
import { namedChanges, namedEffects, namedFields } from "./namedResources";
import { nameFilter } from "./nameFilter";
import { deletionTime, removeFolder } from "./removal";
import { isNameTaken } from "./uniqueNames";

const kind = {
  idPrefix: "b1g",
  noun: "folder",
  message: "Folder",
  package: "yandex.cloud.resourcemanager.v1",
  idField: "folderId",
};

/** yandex.cloud.resourcemanager.v1.FolderService. Access policies are not emulated. */
export function folders(state: State, operations: Operations, bindings: AccessBindings) {
  const { planned, create, update, remove } = namedEffects(operations, {
    kind,
    table: state.folders,
    require: (id) => state.requireFolder(id),
    toMessage: (record) => toMessage(record),
    remove: (record) => removeFolder(state, record),
  });

  const statusOf = (folder: FolderRecord) =>
    operations.pendingOn(folder.id).some((operation) => operation.effect?.name === "deleteFolder")
      ? Folder_Status.PENDING_DELETION
      : Folder_Status.ACTIVE;

  function requireFolder(folderId: string, call: Call, right: Right): FolderRecord {
    id("folderId", folderId);
    const folder = state.requireFolder(folderId);
    call.access.require(call.caller.id, right, folderResource(folder.id));
    return folder;
  }

  return service<FolderServiceServer>(FolderServiceService, {
    get(request, call) {
      const folder = requireFolder(request.folderId, call, "viewFolder");
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
      const fields = namedFields(request);
      requireFreeName(state, operations, cloud.id, fields);

      const folder = { id: state.newId("b1gf"), cloudId: cloud.id, ...fields, createdAt: call.now };
      return create(call, planned("Create", folder.id, folder));
    },

    update(request, call) {
      const folder = requireFolder(request.folderId, call, "manageFolders");
      const changes = namedChanges(request);
      if (changes.name !== undefined)
        requireFreeName(state, operations, folder.cloudId, { id: folder.id, name: changes.name });
      return update(call, planned("Update", folder.id, { id: folder.id, ...changes }));
    },

    delete(request, call) {
      const folder = requireFolder(request.folderId, call, "manageFolders");
      const notBefore = deletionTime(request.deleteAfter, call.now);
      const deleteAfter = new Date(notBefore);
      return remove(call, { ...planned("Delete", folder.id, { id: folder.id }, { deleteAfter }), notBefore });
    },

    listOperations: (request, call) => operations.list(requireFolder(request.folderId, call, "viewFolder").id, request),

    ...bindings.methods({
      kind: "resource-manager.folder",
      idPrefix: "b1g",
      right: "setBindings",
      viewRight: "viewBindings",
      find: (id) => folderResource(state.requireFolder(id).id),
    }),
  });
}

function requireFreeName(
  state: State,
  operations: Operations,
  cloudId: string,
  wanted: { id?: string; name: string },
): void {
  const effects = { create: "createFolder", update: "updateFolder" };
  if (isNameTaken(operations, wanted, state.folders.values(), effects, (folder) => folder.cloudId === cloudId))
    refuse("ALREADY_EXISTS", `Folder with name ${wanted.name} already exists`);
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
