/** One role of one member on one folder. */
export interface Grant {
  folderId: string;
  role: string;
  /** Kind and ID, such as `serviceAccount:aje0123456789abcdefg`. */
  member: string;
}

/** The ID of a grant, which the cloud does not give: `<folder ID>/<role>/<member>`. */
export const idOf = ({ folderId, role, member }: Grant): string => `${folderId}/${role}/${member}`;

/** Reads both forms in use: with slashes, as `idOf` writes it, and with commas, as the Terraform provider imports it. */
export function parseId(id: string): Grant {
  const [folderId, role, member, ...rest] = id.split(/[/,]/).map((part) => part.trim());
  if (!folderId || !role || !member || rest.length > 0) {
    throw new Error(
      `${id} is not the ID of a grant; write it as <folder ID>/<role>/<member>, such as b1g…/ai.languageModels.user/serviceAccount:aje…`,
    );
  }
  return { folderId, role, member };
}

/** Whether all three parts of a grant are known. */
export const isGrant = (inputs: Partial<Grant> | undefined): inputs is Grant =>
  typeof inputs?.folderId === "string" && typeof inputs.role === "string" && typeof inputs.member === "string";
