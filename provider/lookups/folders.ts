import type { Failure } from "../properties/check";
import { isNotFound } from "../cloud/errors";
import { memoizePerRun } from "../cloud/once";
import type { Context } from "../contract/resource";

/** Twenty letters and digits, as `b1g0123456789abcdefg`; a name, or the ID of something else, is not one. */
export const FOLDER_ID = {
  expression: /b1g[a-z0-9]{17}/,
  means: "be the ID of a folder, b1g and 17 more letters and digits, as `yc resource-manager folder list` prints it",
};

/** For resources whose folder the provider's settings give by default. */
export const FOLDER = {
  required: true,
  hasDefault: true,
  pattern: FOLDER_ID,
  missing:
    "is not set; set it here, or for all resources with `pulumi config set yandex:folderId <ID>` or the environment variable YC_FOLDER_ID",
} as const;

/** Whether the cloud knows the folder. Says nothing where it cannot or may not be asked. */
export async function unknownFolder(folderId: string | undefined, context: Context): Promise<Failure[]> {
  if (folderId === undefined) return [];
  try {
    const { folders } = context.cloud.resourceManager;
    await memoizePerRun(context.cloud, `folder ${folderId}`, () => folders.get({ folderId }, context));
    return [];
  } catch (error) {
    if (!isNotFound(error)) return [];
    const reason = `${folderId} does not exist, or the deployer may not see it; check the ID and the cloud it is in`;
    return [{ property: "folderId", reason }];
  }
}
