import type { Failure } from "../../properties/check";
import { isAmbiguous } from "../../cloud/errors";
import { InitializationFailed } from "../../contract/resource";
import type { Context, Resource } from "../../contract/resource";
import { unknownRole } from "../../lookups/roles";
import { text } from "../../properties";
import type { Property } from "../../properties";
import { idOf, isGrant, placeOf } from "./grant";
import type { Grant } from "./grant";
import { grantsOf } from "./grants";

/** What tells a resource that grants a role on one kind of thing from the others. */
interface Kind<G extends Grant> extends Pick<Resource<G, G>, "token" | "description" | "defaults"> {
  /** The property that says on what the role is granted. */
  place: Record<string, Property>;
  example: string;
  parse(id: string): G;
  unknownPlace(inputs: Partial<G>, context: Context): Promise<Failure[]>;
}

/**
 * What the state of a grant has beside its properties: the URNs of other resources of the stack that declare it. A
 * `destroy` shows the provider only what it deletes, so with `--target` nothing else tells of those that stay.
 */
interface Sharing {
  __sharedWith?: string[];
}

const MEMBERS = ["userAccount", "serviceAccount", "federatedUser", "group", "system"];

/**
 * A resource that grants one role to one member. A grant has no identity of its own in the cloud: two resources that
 * declare the same grant mean one and the same, so it is removed only when the last of them is deleted.
 */
export const memberResource = <G extends Grant>({
  place,
  example,
  parse,
  unknownPlace,
  ...kind
}: Kind<G>): Resource<G, G & Sharing> => ({
  ...kind,

  properties: {
    ...place,
    role: text(`ID of the role, such as \`${example}\`.`, {
      required: true,
      onChange: "replace",
      pattern: { expression: /[A-Za-z][-.\w]{0,63}/, means: `be the ID of a role, such as ${example}` },
    }),
    member: text(
      "Member that gets the role: `serviceAccount:<ID>`, `userAccount:<ID>`, `federatedUser:<ID>`, `group:<ID>` or `system:<name>`.",
      {
        required: true,
        onChange: "replace",
        pattern: {
          expression: new RegExp(`(?:${MEMBERS.join("|")}):\\S+`),
          means: `be a kind of member, a colon and an ID, such as serviceAccount:aje…; the kinds are ${MEMBERS.join(", ")}`,
        },
      },
    ),
  },

  idFromInputs: true,

  observe({ urn, id, inputs, state, same }, run) {
    const grants = grantsOf(run);
    if (isGrant(inputs)) grants.want(urn, inputs);
    if (id && isGrant(state)) grants.hold(urn, state);
    for (const other of state?.__sharedWith ?? []) grants.knowSharer(urn, other);
    if (same && isGrant(state)) grants.stay(urn, state);
  },

  async previewCheck(inputs, context) {
    const { role, member } = inputs;
    const failures = [unknownPlace(inputs, context), unknownRole(role, context), wrongKind(member, context)];
    return (await Promise.all(failures)).flat();
  },

  async create(inputs, context) {
    const [failure] = await wrongKind(inputs.member, context);
    if (failure) throw new Error(`${failure.property} ${failure.reason}`);
    const existed = await grantsOf(context)
      .add(context.urn, inputs, context.signal)
      .catch((error: unknown) => {
        throw perhapsGranted(error, inputs);
      });
    const state = withSharers(inputs, context);
    if (existed) {
      const managed = state.__sharedWith
        ? `${namesOf(state.__sharedWith)} declares it too, and it goes with the last of these resources`
        : "the grant is managed here from now on and goes when this resource goes";
      context.log("info", `${inputs.member} already had ${inputs.role} on ${placeOf(inputs).id}; ${managed}`);
    }
    return { id: idOf(inputs), state };
  },

  async read(id, old, context) {
    const grant = old ?? parse(id);
    return (await grantsOf(context).exists(grant, context.signal))
      ? { id: idOf(grant), state: withSharers(grant, context) }
      : undefined;
  },

  // Another grant is another resource. What is left is one of which it is not known whether it came about.
  async update(_id, inputs, _old, _changed, context) {
    grantsOf(context).stay(context.urn, inputs);
    const granted = await grantsOf(context)
      .exists(inputs, context.signal)
      .catch(() => false);
    if (!granted) await grantsOf(context).add(context.urn, inputs, context.signal);
    return withSharers(inputs, context);
  },

  async delete(_id, old, context) {
    const left = await grantsOf(context).remove(context.urn, old, context.signal, old.__sharedWith);
    if (left.length === 0) return;
    const { kind: on, id } = placeOf(old);
    const why = `${namesOf(left)} declares it too and this run has not deleted that`;
    const next = `if the stack no longer has it, remove the role with \`yc ${SERVICES[on]} remove-access-binding ${id} --role ${old.role} --subject ${old.member}\``;
    context.log("warning", `${old.member} keeps ${old.role} on ${id}, because ${why}; ${next}`);
  },
});

/** A read of one grant alone does not show the others, so what the state says of them stays. */
function withSharers<G extends Grant>(grant: G, context: Context): G & Sharing {
  const { __sharedWith: before = [], ...inputs } = grant as G & Sharing;
  const grants = grantsOf(context);
  const now = grants.showsOthers(context.urn) ? grants.sharers(context.urn, grant).sort() : before;
  return { ...(inputs as unknown as G), ...(now.length > 0 && { __sharedWith: now }) };
}

const SERVICES = { folder: "resource-manager folder", secret: "lockbox secret" };

const namesOf = (urns: string[]): string => urns.map((urn) => urn.split("::").at(-1)).join(", ");

/** A grant that may yet come about is kept, so that a destroy takes it away and the next update makes sure of it. */
const perhapsGranted = (error: unknown, grant: Grant): unknown =>
  isAmbiguous(error)
    ? new InitializationFailed(
        idOf(grant),
        { ...grant },
        `${(error as Error).message}; run the update again to make sure of it`,
      )
    : error;

/**
 * The cloud takes a service account for a user and stores it as a service account; then the grant that was declared
 * seems to have vanished. Users and service accounts have IDs of one form, so the cloud must be asked.
 */
async function wrongKind(member: string | undefined, context: Context): Promise<Failure[]> {
  const [kind, id] = member?.split(":") ?? [];
  if (kind !== "userAccount" || !id) return [];
  const { serviceAccounts } = context.cloud.iam;
  const account = await serviceAccounts.get({ serviceAccountId: id }, context).catch(() => undefined);
  if (!account) return [];
  return [{ property: "member", reason: `${member} is a service account; write serviceAccount:${id}` }];
}
