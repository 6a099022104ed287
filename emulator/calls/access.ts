import { bindingId } from "../store/records";
import { includes, needed, type Right } from "../catalogue/roles";
import type { State } from "../store/state";
import { refuse } from "../status";

/** A resource on which roles can be held. Roles on what contains it count too. */
export interface Resource {
  type:
    | "resource-manager.cloud"
    | "resource-manager.folder"
    | "iam.serviceAccount"
    | "lockbox.secret"
    | "serverless.mcpGateway";
  id: string;
  /** The folder it lies in; for a folder itself its own id. */
  folderId?: string;
}

export const cloudResource = (id: string): Resource => ({ type: "resource-manager.cloud", id });
export const folderResource = (id: string): Resource => ({ type: "resource-manager.folder", id, folderId: id });
export const accountResource = (account: { id: string; folderId: string }): Resource => ({
  type: "iam.serviceAccount",
  id: account.id,
  folderId: account.folderId,
});

/** Who holds which role where, as one of the cloud's servers sees it at `at`. */
export interface Access {
  /** Refuses with PERMISSION_DENIED in the API's words. */
  require(subjectId: string, right: Right, resource: Resource): void;
  allows(subjectId: string, roles: readonly string[], resource: Resource): boolean;
  /** The moment up to which this server knows of changes that take `delayMs` to spread: Infinity where none takes time. */
  view(delayMs: number): number;
}

/** Answers with the next of the cloud's servers, one for each call. Every nth has an old view, if the switch says so. */
export function openAccess(state: State): () => Access {
  let calls = 0;
  return () => {
    const stale = state.switches.staleNodes;
    calls += 1;
    return serverAccess(state, stale && calls % stale.everyNth === 0 ? stale.lagMs : 0);
  };
}

function serverAccess(state: State, lagMs: number): Access {
  // A server that knows of all at once does not ask when it was, so a clock that goes back hides nothing.
  const view = (delayMs: number) => (delayMs + lagMs === 0 ? Infinity : state.clock.now() - delayMs - lagMs);

  const allows: Access["allows"] = (subjectId, roles, resource) => {
    const at = view(state.switches.roleDelayMs);
    return chainOf(resource, state).some((resourceId) =>
      heldOn(state, resourceId, subjectId, at).some((held) => roles.some((role) => includes(held, role))),
    );
  };

  return {
    allows,
    view,
    require(subjectId, right, resource) {
      if (allows(subjectId, needed[right], resource)) return;
      refuse("PERMISSION_DENIED", `Permission denied to ${resource.type} ${resource.id}`);
    },
  };
}

/** The resource and what contains it: folder, cloud, organization. */
export function chainOf(resource: Resource, state: State): string[] {
  const cloudId = resource.type === "resource-manager.cloud" ? resource.id : state.cloudOf(resource.folderId ?? "");
  const organizationId = state.clouds.peek(cloudId)?.organizationId;
  return [
    ...new Set([resource.id, resource.folderId, cloudId, organizationId].filter((id) => id !== undefined && id !== "")),
  ] as string[];
}

function heldOn(state: State, resourceId: string, subjectId: string, at: number): string[] {
  const roles: string[] = [];
  for (const holder of [subjectId, ...everybody, ...groupsOf(state, subjectId)])
    for (const id of state.index.bindingsFor(resourceId, holder)) {
      const binding = state.bindings.peek(id);
      if (binding && binding.since <= at && (binding.until === undefined || binding.until > at))
        roles.push(binding.roleId);
    }
  return roles;
}

/** Subjects of the type `system`. Whom a right is looked up for has shown a credential, so both mean that one too. */
const everybody = ["allAuthenticatedUsers", "allUsers"];

/** Groups of an organization, which has no service here: tests put them there. */
export const groupTable = (state: State) => state.tables.table<{ id: string; members: string[] }>("groups");

const groupsOf = (state: State, subjectId: string): string[] =>
  [...groupTable(state).values()].filter(({ members }) => members.includes(subjectId)).map(({ id }) => id);

/** Grants a role at once, for what the cloud gives by itself and for seeds. */
export function grant(state: State, resourceId: string, roleId: string, subject: { id: string; type: string }): void {
  const binding = { resourceId, roleId, subjectId: subject.id, subjectType: subject.type, since: 0 };
  state.bindings.put(bindingId(binding), binding);
}
