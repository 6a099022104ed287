import { accountsOn, type Holder, holders, type SideName } from "./accounts";
import { isOnSecret } from "../policy/resources";
import { type Resource, type Side, typeOf } from "./resources";
import { deliveryOf, secretName } from "./delivery";
import { accessWord, cloudId, HIDDEN, isUnknown, moment, NOT_KNOWN, propertyName } from "./shown";

/** All access that an application has on one side of the change, read from resources alone. */
export interface Access {
  roles: Role[];
  keys: Key[];
  /** The folder where the application's account lives; undefined where that is not known. */
  home?: string;
}

export interface Role {
  /** URN and name of the resource that grants it. */
  urn: string;
  name: string;
  role: string;
  /** On what it is granted, such as `folder b1g…`. */
  place: string;
  holder: Holder;
}

export interface Key {
  urn: string;
  name: string;
  holder: Holder;
  scopes: string[];
  /** False where a scope is not known before the update. */
  scopesKnown: boolean;
  /** RFC 3339; undefined if the key never expires. */
  expiresAt?: string;
  /** Whether it is known if and when the key expires. */
  expiryKnown: boolean;
  createdAt?: string;
  /** Where it goes instead of the state, such as `entry api_key of secret shop`. */
  delivery?: string;
  /** The key asks for the cloud's own list of scopes, ten services wide. */
  defaultScopes: boolean;
}

/**
 * @param application its URN; undefined for everything outside of any application
 * @param all every resource of the stack, since an account can belong to another application
 */
export function accessOf(application: string | undefined, all: readonly Resource[], side: SideName): Access {
  const resources = all.filter((each) => each.application === application);
  const keys = resources.filter(({ kind }) => kind === "key");
  const { own, ofKey, ofGrant } = holders(application, accountsOn(all, side), keys);
  const rolesOf = ({ urn, name, type, kind }: Resource, { inputs, madeFrom }: Side): Role[] =>
    membersOf(kind, inputs).map((member) => ({
      urn,
      name,
      role: accessWord(inputs.role),
      place: isOnSecret({ type: typeOf(urn) })
        ? `secret ${secretName(inputs.secretId, madeFrom.secretId ?? [], all, side)}`
        : placeOf(type, inputs),
      holder: ofGrant(member, madeFrom[kind === "grant" ? "member" : "members"] ?? [], side),
    }));
  return {
    roles: resources.flatMap((each) => (each[side] ? rolesOf(each, each[side]) : [])),
    keys: keys.flatMap((each) =>
      each[side] ? keyOf(each, each[side], ofKey(each, side), deliveryOf(each[side], all, side)) : [],
    ),
    home: own.length === 1 ? own[0]?.folderId : undefined,
  };
}

function membersOf(kind: Resource["kind"], { member, members }: Record<string, unknown>): unknown[] {
  if (kind === "grant") return [member];
  if (kind !== "binding") return [];
  return Array.isArray(members) ? members : [members];
}

/** On what a grant is: `folder b1g…`, `cloud b1g…`, `organization bpf…`. */
function placeOf(type: string, inputs: Record<string, unknown>): string {
  const property = Object.keys(inputs).find((each) => /^[a-z]+[A-Za-z]*Id$/.test(each));
  if (property === undefined) return type.replace(/Iam\w+$/, "");
  const id = inputs[property];
  const what = propertyName(property.replace(/Id$/, "")).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${what} ${cloudId(id) ?? (isUnknown(id) ? NOT_KNOWN : HIDDEN)}`;
}

/** What a reader of a review has to know of a role: also who has it and where, if that does not go without saying. */
export const roleLabel = ({ role, place, holder }: Role, showPlace = false): string =>
  holder.kind === "own" ? (showPlace ? `${role} on ${place}` : role) : `${role} to ${holder.shown} on ${place}`;

/** Whether the application's own account has the role where AI Studio looks for it: on the account's own folder. */
export const isEffective = ({ holder, place }: Role, home: string | undefined): boolean =>
  holder.kind === "own" && (home === undefined ? place.startsWith("folder ") : place === `folder ${home}`);

function keyOf({ urn, name }: Resource, { inputs, outputs }: Side, holder: Holder, delivery?: string): Key {
  const { scopes = [], expiresAt, defaultScopes } = inputs;
  const words = Array.isArray(scopes) ? scopes.filter((each) => typeof each === "string") : [];
  return {
    urn,
    name,
    holder,
    scopes: words
      .filter((each) => !isUnknown(each))
      .map(accessWord)
      .sort(),
    scopesKnown: Array.isArray(scopes) && !words.some(isUnknown),
    expiresAt: moment(expiresAt),
    expiryKnown: expiresAt === undefined || expiresAt === "" || moment(expiresAt) !== undefined,
    createdAt: moment(outputs.createdAt),
    delivery,
    defaultScopes: defaultScopes === true || defaultScopes === "true",
  };
}
