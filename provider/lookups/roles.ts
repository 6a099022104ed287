import type { Failure } from "../properties/check";
import { isNotFound } from "../cloud/errors";
import { memoizePerRun } from "../cloud/once";
import { pages } from "../cloud/pages";
import type { Context } from "../contract/resource";
import { didYouMean } from "../properties/suggestions";

/** Whether the cloud knows the role, and which one may be meant if not. Says nothing where it cannot be asked. */
export async function unknownRole(role: string | undefined, context: Context): Promise<Failure[]> {
  const { cloud } = context;
  if (role === undefined) return [];
  try {
    await memoizePerRun(cloud, `role ${role}`, () => cloud.iam.roles.get({ roleId: role }, context));
    return [];
  } catch (error) {
    if (!isNotFound(error)) return [];
  }
  const ids = await memoizePerRun(cloud, "roles", () => listRoles(context)).catch(() => []);
  return [{ property: "role", reason: `${role} does not exist${didYouMean(role, ids)}` }];
}

const listRoles = (context: Context): Promise<string[]> =>
  pages(async (pageToken) => {
    const { roles, nextPageToken } = await context.cloud.iam.roles.list({ pageSize: 1000, pageToken }, context);
    return { items: roles.map(({ id }) => id), nextPageToken };
  });
