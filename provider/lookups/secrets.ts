import type { Secret, Version } from "@yandex-cloud/nodejs-sdk/lockbox-v1/secret";
import { isNotFound } from "../cloud/errors";
import { memoizePerRun } from "../cloud/once";
import { pages } from "../cloud/pages";
import type { Context } from "../contract/resource";
import type { Failure } from "../properties/check";

/** As `e6q0123456789abcdefg`. A name, or the ID of something else, is not one. */
export const SECRET_ID = {
  expression: /e6q[a-z0-9]{17}/,
  means: "be the ID of a Lockbox secret, e6q and 17 more letters and digits, as `yc lockbox secret list` prints it",
};

/** Whether the cloud knows the secret. Says nothing where it cannot or may not be asked. */
export async function unknownSecret(secretId: string | undefined, context: Context): Promise<Failure[]> {
  if (secretId === undefined) return [];
  const { cloud } = context;
  try {
    await memoizePerRun(cloud, `secret ${secretId}`, () => cloud.lockbox.secrets.get({ secretId }, context));
    return [];
  } catch (error) {
    if (!isNotFound(error)) return [];
    const reason = `${secretId} does not exist, or the deployer may not see it; check the ID`;
    return [{ property: "secretId", reason }];
  }
}

/** All secrets of a folder, without what they hold. */
export const secretsOf = (folderId: string, { cloud, signal }: Pick<Context, "cloud" | "signal">): Promise<Secret[]> =>
  pages(async (pageToken) => {
    const { secrets, nextPageToken } = await cloud.lockbox.secrets.list(
      { folderId, pageSize: 1000, pageToken },
      { signal },
    );
    return { items: secrets, nextPageToken };
  });

/** All versions of a secret, without what they hold. */
export const versionsOf = (
  secretId: string,
  { cloud, signal }: Pick<Context, "cloud"> & Partial<Pick<Context, "signal">>,
): Promise<Version[]> =>
  pages(async (pageToken) => {
    const { versions, nextPageToken } = await cloud.lockbox.secrets.listVersions(
      { secretId, pageSize: 1000, pageToken },
      { signal },
    );
    return { items: versions, nextPageToken };
  });
