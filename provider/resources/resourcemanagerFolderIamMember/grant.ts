interface Binding {
  role: string;
  /** Kind and ID, such as `serviceAccount:aje0123456789abcdefg`. */
  member: string;
}

/** One role of one member on one folder. */
export interface FolderGrant extends Binding {
  folderId: string;
}

/** One role of one member on one secret of Lockbox. */
export interface SecretGrant extends Binding {
  secretId: string;
}

export type Grant = FolderGrant | SecretGrant;

/** On what a grant is. */
export interface Place {
  kind: "folder" | "secret";
  id: string;
}

export const placeOf = (grant: Grant): Place =>
  "folderId" in grant ? { kind: "folder", id: grant.folderId } : { kind: "secret", id: grant.secretId };

/** The ID of a grant, which the cloud does not give: `<folder or secret ID>/<role>/<member>`. */
export const idOf = (grant: Grant): string => `${placeOf(grant).id}/${grant.role}/${grant.member}`;

/** Reads both forms in use: with slashes, as `idOf` writes it, and with commas, as the Terraform provider imports it. */
export function parseId(id: string, kind: Place["kind"]): [placeId: string, role: string, member: string] {
  const [placeId, role, member, ...rest] = id.split(/[/,]/).map((part) => part.trim());
  if (!placeId || !role || !member || rest.length > 0) {
    throw new Error(
      `${id} is not the ID of a grant; write it as <${kind} ID>/<role>/<member>, such as ${EXAMPLES[kind]}`,
    );
  }
  return [placeId, role, member];
}

const EXAMPLES = {
  folder: "b1g…/ai.languageModels.user/serviceAccount:aje…",
  secret: "e6q…/lockbox.payloadViewer/serviceAccount:aje…",
};

/** Whether all three parts of a grant are known. */
export const isGrant = (inputs: Partial<FolderGrant & SecretGrant> | undefined): inputs is FolderGrant & SecretGrant =>
  typeof (inputs?.folderId ?? inputs?.secretId) === "string" &&
  typeof inputs?.role === "string" &&
  typeof inputs.member === "string";
