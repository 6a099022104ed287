import type { Resource, Side } from "./resources";
import { accessWord, cloudId, moment } from "./shown";

/** What an application may do on one side of the change, read from its resources alone. */
export interface Access {
  roles: Role[];
  keys: Key[];
}

export interface Role {
  role: string;
  /** Undefined where it is not known before the update. */
  folderId?: string;
  /** Who has it, where that is somebody else than the application's own account. */
  foreignMember?: string;
}

export interface Key {
  name: string;
  scopes: string[];
  /** False where a scope is not known before the update. */
  scopesKnown: boolean;
  /** RFC 3339; undefined if the key never expires. */
  expiresAt?: string;
  /** Whether it is known if and when the key expires. */
  expiryKnown: boolean;
  createdAt?: string;
  /** The key asks for the cloud's own list of scopes, ten services wide. */
  defaultScopes: boolean;
}

/** Of resources of one application, on the side `before` or `after`. */
export function accessOf(resources: readonly Resource[], side: "before" | "after"): Access {
  const own = new Set(resources.flatMap((each) => accountsOf(each, side)));
  const present = resources.flatMap((each) =>
    each[side] ? [{ ...each, inputs: each[side].inputs, side: each[side] }] : [],
  );
  return {
    roles: present.filter(({ kind }) => kind === "grant").map(({ inputs }) => roleOf(inputs, own)),
    keys: present.filter(({ kind }) => kind === "key").map(({ name, side: it }) => keyOf(name, it)),
  };
}

/** The accounts that the application acts as: its own, or the adopted one that its keys are for. */
function accountsOf({ kind, ...resource }: Resource, side: "before" | "after"): string[] {
  const id =
    kind === "account" ? resource[side]?.id : kind === "key" ? resource[side]?.inputs.serviceAccountId : undefined;
  return cloudId(id) === undefined ? [] : [id as string];
}

function roleOf({ role, folderId, member }: Record<string, unknown>, own: ReadonlySet<string>): Role {
  const id = typeof member === "string" ? /^\w+:(.+)$/.exec(member)?.[1] : undefined;
  // The account of an application that is not made yet is not known, and then nobody else is meant either.
  const isForeign = id !== undefined && own.size > 0 && !own.has(id);
  return {
    role: accessWord(String(role)),
    folderId: cloudId(folderId),
    ...(isForeign && { foreignMember: cloudId(id) ?? "somebody else" }),
  };
}

function keyOf(name: string, { inputs, outputs }: Side): Key {
  const { scopes = [], expiresAt, defaultScopes } = inputs;
  const words = Array.isArray(scopes) ? scopes.filter((each) => typeof each === "string") : [];
  return {
    name,
    scopes: words
      .filter((each) => !UNKNOWN.test(each))
      .map(accessWord)
      .sort(),
    scopesKnown: Array.isArray(scopes) && !words.some((each) => UNKNOWN.test(each)),
    expiresAt: moment(expiresAt),
    expiryKnown: expiresAt === undefined || expiresAt === "" || moment(expiresAt) !== undefined,
    createdAt: moment(outputs.createdAt),
    defaultScopes: defaultScopes === true || defaultScopes === "true",
  };
}

/** What the engine puts in a preview for a value that is known only after the update. */
const UNKNOWN = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
