import type { Failure } from "../properties/check";
import { memoizePerRun } from "../cloud/once";
import { pages } from "../cloud/pages";
import type { Context } from "../contract/resource";
import { didYouMean } from "../properties/suggestions";

/** All scopes that an API key can have today. The list grows, so it is asked for and never written down. */
export const listScopes = (context: Context): Promise<string[]> =>
  memoizePerRun(context.cloud, "scopes", () =>
    pages(async (pageToken) => {
      const { apiKeys } = context.cloud.iam;
      const { scopes, nextPageToken } = await apiKeys.listScopes({ pageSize: 1000, pageToken }, context);
      return { items: scopes, nextPageToken };
    }),
  );

/** The scopes that the cloud does not know. Says nothing where it cannot be asked. */
export async function unknownScopes(scopes: readonly string[], context: Context): Promise<Failure[]> {
  if (scopes.length === 0) return [];
  const known = await listScopes(context).catch((): string[] => []);
  if (known.length === 0) return [];
  return scopes
    .filter((scope) => !known.includes(scope))
    .map((scope) => ({ property: "scopes", reason: `has ${scope}, which does not exist${didYouMean(scope, known)}` }));
}
