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
import { description, folderName, id, labels, pattern, required } from "../validation";
import type { AccessBindings } from "./accessBindings";
import { nameFilter } from "./nameFilter";

/** yandex.cloud.resourcemanager.v1.FolderService. Update and Delete are not emulated. */
export function folders(state: State, operations: Operations, bindings: AccessBindings) {
  const create = operations.effect<FolderRecord>("createFolder", (folder) => {
    state.folders.put(folder.id, folder);
    return typed("yandex.cloud.resourcemanager.v1.Folder", toMessage(folder));
  });

  return service<FolderServiceServer>(FolderServiceService, {
    get(request, call) {
      id("folderId", request.folderId);
      const folder = state.requireFolder(request.folderId);
      call.access.require(call.caller.id, "viewFolder", folderResource(folder.id));
      return toMessage(folder);
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
      return { folders: items.map(toMessage), nextPageToken };
    },

    create(request, call) {
      id("cloudId", request.cloudId);
      const cloud = state.requireCloud(request.cloudId);
      call.access.require(call.caller.id, "manageFolders", cloudResource(cloud.id));
      required("name", request.name);
      pattern("name", request.name, folderName);
      description(request.description);
      labels(request.labels);
      const names = [...state.index.foldersIn(cloud.id)].map((id) => state.requireFolder(id).name);
      if (names.includes(request.name)) refuse("ALREADY_EXISTS", `Folder with name ${request.name} already exists`);

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

const viewers = ["resource-manager.viewer", "viewer"];

const toMessage = (folder: FolderRecord): Folder => ({
  id: folder.id,
  cloudId: folder.cloudId,
  createdAt: new Date(folder.createdAt),
  name: folder.name,
  description: folder.description,
  labels: folder.labels,
  status: Folder_Status.ACTIVE,
});
