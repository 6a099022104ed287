import type { Failure } from "../properties/check";
import { isAmbiguous } from "../cloud/errors";
import { FOLDER, unknownFolder } from "../lookups/folders";
import { idOf, isGrant, parseId } from "./resourcemanagerFolderIamMember/grant";
import type { Grant } from "./resourcemanagerFolderIamMember/grant";
import { grantsOf } from "./resourcemanagerFolderIamMember/grants";
import { text } from "../properties";
import { InitializationFailed } from "../contract/resource";
import type { Context, Resource } from "../contract/resource";
import { unknownRole } from "../lookups/roles";

/**
 * One role of one member on a folder. It has no identity of its own in the cloud: two resources that declare the same
 * grant mean one and the same, so it is removed only when the last of them is deleted.
 */
export type FolderIamMember = Grant;

const MEMBERS = ["userAccount", "serviceAccount", "federatedUser", "group", "system"];

export const resourcemanagerFolderIamMember: Resource<FolderIamMember, FolderIamMember> = {
  token: "yandex:index/resourcemanagerFolderIamMember:ResourcemanagerFolderIamMember",
  description: "Grants one role on a folder to one member. Other access bindings of the folder are not changed.",

  properties: {
    folderId: text("Folder on which the role is granted. Default: the provider's folder.", {
      ...FOLDER,
      onChange: "replace",
    }),
    role: text("ID of the role, such as `ai.languageModels.user`.", {
      required: true,
      onChange: "replace",
      pattern: { expression: /[A-Za-z][-.\w]{0,63}/, means: "be the ID of a role, such as ai.languageModels.user" },
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

  defaults: (inputs, { settings }) => ({ folderId: inputs.folderId ?? settings.folderId }),

  observe({ urn, id, inputs, state, same }, run) {
    const grants = grantsOf(run);
    if (isGrant(inputs)) grants.want(urn, inputs);
    if (id && isGrant(state)) grants.hold(urn, state);
    if (same && isGrant(state)) grants.stay(urn, state);
  },

  async previewCheck({ folderId, role, member }, context) {
    const failures = [unknownFolder(folderId, context), unknownRole(role, context), wrongKind(member, context)];
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
    if (existed) {
      context.log(
        "info",
        `${inputs.member} already had ${inputs.role} on ${inputs.folderId}; the grant is managed here from now on and goes when this resource goes`,
      );
    }
    return { id: idOf(inputs), state: { ...inputs } };
  },

  async read(id, old, context) {
    const grant = old ?? parseId(id);
    return (await grantsOf(context).exists(grant, context.signal))
      ? { id: idOf(grant), state: { ...grant } }
      : undefined;
  },

  // Another grant is another resource. What is left is one of which it is not known whether it came about.
  async update(_id, inputs, _old, _changed, context) {
    grantsOf(context).stay(context.urn, inputs);
    const granted = await grantsOf(context)
      .exists(inputs, context.signal)
      .catch(() => false);
    if (!granted) await grantsOf(context).add(context.urn, inputs, context.signal);
    return { ...inputs };
  },

  async delete(_id, old, context) {
    await grantsOf(context).remove(context.urn, old, context.signal);
  },
};

/** A grant that may yet come about is kept, so that a destroy takes it away and the next update makes sure of it. */
const perhapsGranted = (error: unknown, grant: FolderIamMember): unknown =>
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
