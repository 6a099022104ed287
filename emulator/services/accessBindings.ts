import {
  type AccessBinding,
  AccessBindingAction,
  type AccessBindingDelta,
  type ListAccessBindingsRequest,
  type ListAccessBindingsResponse,
  type SetAccessBindingsRequest,
  type UpdateAccessBindingsRequest,
} from "@yandex-cloud/nodejs-sdk/dist/generated/yandex/cloud/access/access";
import type { Operation } from "@yandex-cloud/nodejs-sdk/operation/operation";
import type { Resource } from "../calls/access";
import type { Call } from "../calls/calls";
import { typed } from "../calls/messages";
import type { Operations } from "../calls/operations";
import { page } from "../calls/paging";
import { bindingId, type BindingRecord } from "../store/records";
import { isForClouds, type Right, roleExists } from "../catalogue/roles";
import { forgetRemoved, type State } from "../store/state";
import { refuse } from "../status";
import { longestLag } from "../switches";
import { id, invalid, maxLength, required, size } from "../calls/validation";

/** Who holds which role on a resource: list, replace all, change by deltas. The same for clouds, folders, accounts and secrets. */
export interface AccessBindings {
  methods(kind: Kind): {
    listAccessBindings(request: ListAccessBindingsRequest, call: Call): ListAccessBindingsResponse;
    setAccessBindings(request: SetAccessBindingsRequest, call: Call): Operation;
    updateAccessBindings(request: UpdateAccessBindingsRequest, call: Call): Operation;
  };
}

interface Kind {
  kind: Resource["type"];
  /** Of the operations' ids. */
  idPrefix: string;
  right: Right;
  viewRight: Right;
  /** Of the operations: what has changed, or nothing, as the service's definition says. Default "deltas". */
  answer?: "deltas" | "empty";
  /** The resource of an id, or a refusal. */
  find(id: string): Resource;
}

type Key = Pick<BindingRecord, "resourceId" | "roleId" | "subjectId" | "subjectType">;
interface Delta {
  add: boolean;
  key: Key;
}

export function accessBindings(state: State, operations: Operations): AccessBindings {
  function apply(deltas: Delta[]): Delta[] {
    const effective = deltas.filter((delta) =>
      delta.add ? addBinding(state, delta.key) : removeBinding(state, delta.key),
    );
    forgetRemoved(state);
    return effective;
  }
  const update = {
    deltas: operations.effect<Delta[]>("updateAccessBindings", (deltas) =>
      typed("yandex.cloud.access.AccessBindingsOperationResult", { effectiveDeltas: apply(deltas).map(toDelta) }),
    ),
    empty: operations.effect<Delta[]>("updateAccessBindingsUntold", (deltas) => {
      apply(deltas);
      return typed("google.protobuf.Empty", {});
    }),
  };

  function requireQuiet(resource: Resource): void {
    const other = operations
      .pendingOn(resource.id)
      .find((operation) => operation.effect?.name.startsWith("updateAccessBindings"));
    if (other && state.switches.bindingConflicts) refuse("ABORTED", `Conflicting operation ${other.id} detected`);
  }

  function start(kind: Kind, call: Call, resource: Resource, verb: "Set" | "Update", deltas: Delta[]): Operation {
    requireQuiet(resource);
    requireQuota(state, deltas);
    return update[kind.answer ?? "deltas"](call, {
      idPrefix: kind.idPrefix,
      description: `${verb} ${kind.kind} access bindings`,
      resourceId: resource.id,
      metadata: typed(`yandex.cloud.access.${verb}AccessBindingsMetadata`, { resourceId: resource.id }),
      payload: deltas,
    });
  }

  return {
    methods: (kind) => ({
      listAccessBindings(request, call) {
        id("resourceId", request.resourceId);
        const resource = kind.find(request.resourceId);
        call.access.require(call.caller.id, kind.viewRight, resource);
        const { items, nextPageToken } = page(listed(state, resource.id), request, bindingId);
        return { accessBindings: items.map(toBinding), nextPageToken };
      },

      setAccessBindings(request, call) {
        id("resourceId", request.resourceId);
        const resource = kind.find(request.resourceId);
        call.access.require(call.caller.id, kind.right, resource);
        size("accessBindings", request.accessBindings.length, 0, 1000);
        const wanted = request.accessBindings.map((binding) => readBinding(state, resource, binding));
        const wantedIds = new Set(wanted.map(bindingId));
        const removed = bindingsOn(state, resource.id, Infinity).filter(
          (binding) => !wantedIds.has(bindingId(binding)),
        );
        return start(kind, call, resource, "Set", [
          ...removed.map((key) => ({ add: false, key })),
          ...wanted.map((key) => ({ add: true, key })),
        ]);
      },

      updateAccessBindings(request, call) {
        id("resourceId", request.resourceId);
        const resource = kind.find(request.resourceId);
        call.access.require(call.caller.id, kind.right, resource);
        size("accessBindingDeltas", request.accessBindingDeltas.length, 1, 1000);
        return start(
          kind,
          call,
          resource,
          "Update",
          request.accessBindingDeltas.map((delta) => readDelta(state, resource, delta)),
        );
      },
    }),
  };
}

/** As a list shows them: behind writes by the switch, or else with all of them, also when the clock has gone back. */
function listed(state: State, resourceId: string): Readonly<BindingRecord>[] {
  const { bindingListLagMs } = state.switches;
  return bindingsOn(state, resourceId, bindingListLagMs === 0 ? Infinity : state.clock.now() - bindingListLagMs);
}

function bindingsOn(state: State, resourceId: string, at: number): Readonly<BindingRecord>[] {
  return [...state.index.bindingsOn(resourceId)]
    .flatMap((id) => state.bindings.peek(id) ?? [])
    .filter((binding) => binding.since <= at && (binding.until === undefined || binding.until > at));
}

/** Adding what is there, or removing what is not, changes nothing and is left out of `effectiveDeltas` (assumed from its name). */
function addBinding(state: State, key: Key): boolean {
  const there = state.bindings.get(bindingId(key));
  if (there && there.until === undefined) return false;
  state.bindings.put(bindingId(key), { ...key, since: state.clock.now() });
  return true;
}

function removeBinding(state: State, key: Key): boolean {
  const there = state.bindings.get(bindingId(key));
  if (!there || there.until !== undefined) return false;
  if (longestLag(state.switches) === 0) state.bindings.remove(bindingId(key));
  else state.bindings.put(bindingId(key), { ...there, until: state.clock.now() });
  return true;
}

function readDelta(state: State, resource: Resource, delta: AccessBindingDelta): Delta {
  if (delta.action !== AccessBindingAction.ADD && delta.action !== AccessBindingAction.REMOVE) {
    invalid("accessBindingDeltas.action", "Field is required");
  }
  if (!delta.accessBinding) invalid("accessBindingDeltas.accessBinding", "Field is required");
  const add = delta.action === AccessBindingAction.ADD;
  return { add, key: readBinding(state, resource, delta.accessBinding, add) };
}

function readBinding(state: State, resource: Resource, binding: AccessBinding, mustExist = true): Key {
  const { roleId, subject = { id: "", type: "" } } = binding;
  required("roleId", roleId);
  maxLength("roleId", roleId, 64);
  required("subject.id", subject.id);
  maxLength("subject.id", subject.id, 100);
  required("subject.type", subject.type);
  maxLength("subject.type", subject.type, 100);
  if (!subjectTypes.has(subject.type)) invalid("subject.type", `Unknown subject type "${subject.type}"`);
  // A grant can always be removed, also when its role or subject is no longer known.
  if (mustExist && !roleExists(roleId)) refuse("NOT_FOUND", `Role ${roleId} not found`);
  if (mustExist && isForClouds(roleId) && resource.type !== "resource-manager.cloud") {
    refuse("INVALID_ARGUMENT", `Role ${roleId} can be granted on a cloud only`);
  }
  const subjectType = trueType(state, subject);
  if (mustExist && subjectType === "serviceAccount" && !state.accounts.peek(subject.id)) {
    refuse("NOT_FOUND", `Service account ${subject.id} not found`);
  }
  return { resourceId: resource.id, roleId, subjectId: subject.id, subjectType };
}

const subjectTypes = new Set(["userAccount", "serviceAccount", "federatedUser", "group", "system"]);

/** The cloud corrects a subject's type by its id: an account given as a user reads back as an account (seen in terraform-provider-yandex#360). */
const trueType = (state: State, subject: { id: string; type: string }) =>
  state.accounts.peek(subject.id) ? "serviceAccount" : subject.type;

function requireQuota(state: State, deltas: Delta[]): void {
  const added = deltas.filter((delta) => delta.add && state.bindings.peek(bindingId(delta.key)) === undefined).length;
  const removed = deltas.filter(
    (delta) => !delta.add && state.bindings.peek(bindingId(delta.key)) !== undefined,
  ).length;
  if (added > removed && state.bindings.size + added - removed > state.switches.quotas.accessBindings) {
    refuse("RESOURCE_EXHAUSTED", "Quota limit iam.accessBindings.count exceeded");
  }
}

const toBinding = (key: Key): AccessBinding => ({
  roleId: key.roleId,
  subject: { id: key.subjectId, type: key.subjectType },
});

const toDelta = (delta: Delta): AccessBindingDelta => ({
  action: delta.add ? AccessBindingAction.ADD : AccessBindingAction.REMOVE,
  accessBinding: toBinding(delta.key),
});
