import type { Connection } from "./connection";

/** What service accounts still have in the local cloud's folder, each as the cloud's own short description. */
export interface Leftovers {
  serviceAccounts: string[];
  apiKeys: string[];
  grants: string[];
}

/** Asks the emulator's REST API, which knows no more of stacks than the cloud does. */
export async function findLeftovers({ url, token, folderId }: Connection): Promise<Leftovers> {
  const get = async <Field extends string, Item>(path: string, field: Field): Promise<Item[]> => {
    const items: Item[] = [];
    let pageToken = "";
    do {
      const page = `${path.includes("?") ? "&" : "?"}pageToken=${encodeURIComponent(pageToken)}`;
      const response = await fetch(url + path + (pageToken && page), { headers: { authorization: `Bearer ${token}` } });
      if (!response.ok) throw new Error(`The emulator answered ${response.status} to ${path}.`);
      const body = (await response.json()) as { [key in Field]?: Item[] } & { nextPageToken?: string };
      items.push(...(body[field] ?? []));
      pageToken = body.nextPageToken ?? "";
    } while (pageToken);
    return items;
  };

  const accounts = await get<"serviceAccounts", { id: string; name: string }>(
    `/iam/v1/serviceAccounts?folderId=${folderId}`,
    "serviceAccounts",
  );
  const keys = await Promise.all(
    accounts.map(({ id }) => get<"apiKeys", { id: string }>(`/iam/v1/apiKeys?serviceAccountId=${id}`, "apiKeys")),
  );
  const bindings = await get<"accessBindings", { roleId: string; subject: { id: string; type: string } }>(
    `/resource-manager/v1/folders/${folderId}:listAccessBindings`,
    "accessBindings",
  );
  return {
    serviceAccounts: accounts.map(({ id, name }) => `${name} (${id})`),
    apiKeys: keys.flat().map(({ id }) => id),
    grants: bindings
      .filter(({ subject }) => subject.type === "serviceAccount")
      .map(({ roleId, subject }) => `${roleId} of ${subject.id}`),
  };
}

/** One line per kind, so that nothing is overlooked: the count, and the names where there are any. */
export function describeLeftovers({ serviceAccounts, apiKeys, grants }: Leftovers): string {
  const line = (kind: string, items: string[]) =>
    `  ${items.length} ${kind}${items.length ? `: ${items.join(", ")}` : ""}`;
  return [
    "Left in the local cloud:",
    line("service accounts", serviceAccounts),
    line("API keys", apiKeys),
    line("roles of service accounts", grants),
  ].join("\n");
}
