import type { Cloud } from "@yandex-cloud/nodejs-sdk/resourcemanager-v1/cloud";
import {
  type CloudServiceServer,
  CloudServiceService,
} from "@yandex-cloud/nodejs-sdk/resourcemanager-v1/cloud_service";
import { cloudResource, grant } from "../calls/access";
import type { Call } from "../calls/calls";
import type { Operations } from "../calls/operations";
import { page } from "../calls/paging";
import type { CloudRecord } from "../store/records";
import type { Right } from "../catalogue/roles";
import { service } from "../calls/service";
import type { State } from "../store/state";
import { refuse } from "../status";
import { id } from "../calls/validation";
import type { AccessBindings } from "./accessBindings";
import { namedChanges, namedEffects, namedFields } from "./namedResources";
import { nameFilter } from "./nameFilter";
import { deletionTime, removeCloud } from "./removal";

const kind = {
  idPrefix: "b1g",
  noun: "cloud",
  message: "Cloud",
  package: "yandex.cloud.resourcemanager.v1",
  idField: "cloudId",
};

/** Roles that show a cloud in a list. */
const seeing = ["resource-manager.viewer", "viewer", "resource-manager.clouds.member"];

/** yandex.cloud.resourcemanager.v1.CloudService. Access policies are not emulated. */
export function clouds(state: State, operations: Operations, bindings: AccessBindings) {
  const { planned, create, update, remove } = namedEffects(operations, {
    kind,
    table: state.clouds,
    require: (id) => state.requireCloud(id),
    toMessage: (record) => toMessage(record),
    created({ id: cloudId, createdBy = "" }) {
      const type = state.accounts.peek(createdBy) ? "serviceAccount" : "userAccount";
      if (createdBy !== "") grant(state, cloudId, "resource-manager.clouds.owner", { id: createdBy, type });
    },
    remove: (record) => removeCloud(state, record),
  });

  function requireCloud(cloudId: string, call: Call, right: Right): CloudRecord {
    id("cloudId", cloudId);
    const cloud = state.requireCloud(cloudId);
    call.access.require(call.caller.id, right, cloudResource(cloud.id));
    return cloud;
  }

  return service<CloudServiceServer>(CloudServiceService, {
    get: (request, call) => toMessage(requireCloud(request.cloudId, call, "viewCloud")),

    list(request, call) {
      const matches = nameFilter(request.filter);
      const seen = [...state.clouds.values()].filter(
        (cloud) =>
          matches(cloud) &&
          (request.organizationId === "" || cloud.organizationId === request.organizationId) &&
          call.access.allows(call.caller.id, seeing, cloudResource(cloud.id)),
      );
      const { items, nextPageToken } = page(seen, request, (cloud) => cloud.id);
      return { clouds: items.map(toMessage), nextPageToken };
    },

    create(request, call) {
      id("organizationId", request.organizationId);
      const organization = { type: "resource-manager.cloud", id: request.organizationId } as const;
      if (!call.access.allows(call.caller.id, ["resource-manager.editor", "editor"], organization)) {
        refuse("PERMISSION_DENIED", `Permission denied to organization-manager.organization ${request.organizationId}`);
      }
      const { organizationId } = request;
      const made = { createdAt: call.now, createdBy: call.caller.id };
      const cloud = { id: state.newId("b1gc"), organizationId, ...namedFields(request), ...made };
      return create(call, planned("Create", cloud.id, cloud));
    },

    update(request, call) {
      const cloud = requireCloud(request.cloudId, call, "manageFolders");
      return update(call, planned("Update", cloud.id, { id: cloud.id, ...namedChanges(request) }));
    },

    delete(request, call) {
      const cloud = requireCloud(request.cloudId, call, "deleteClouds");
      const notBefore = deletionTime(request.deleteAfter, call.now);
      const deleteAfter = new Date(notBefore);
      return remove(call, { ...planned("Delete", cloud.id, { id: cloud.id }, { deleteAfter }), notBefore });
    },

    listOperations: (request, call) => operations.list(requireCloud(request.cloudId, call, "viewCloud").id, request),

    ...bindings.methods({
      kind: "resource-manager.cloud",
      idPrefix: "b1g",
      right: "setBindings",
      viewRight: "viewBindings",
      find: (id) => cloudResource(state.requireCloud(id).id),
    }),
  });
}

const toMessage = (cloud: CloudRecord): Cloud => ({
  id: cloud.id,
  createdAt: new Date(cloud.createdAt),
  name: cloud.name,
  description: cloud.description,
  organizationId: cloud.organizationId,
  labels: cloud.labels,
});
