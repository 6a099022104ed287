/**
 * All items of a list that the cloud answers in pages; the first page is asked for with an empty token.
 *
 * @throws if the cloud gives a page token that it has given before: the list would never end
 */
export async function pages<Item>(
  ask: (pageToken: string) => Promise<{ items: Item[]; nextPageToken: string }>,
): Promise<Item[]> {
  const all: Item[] = [];
  const seen = new Set<string>();
  let pageToken = "";
  do {
    const { items, nextPageToken } = await ask(pageToken);
    if (seen.has(nextPageToken)) {
      throw new Error(`the cloud gave the page token of a list twice, so the list would never end`);
    }
    for (const item of items) all.push(item);
    if (nextPageToken) seen.add((pageToken = nextPageToken));
    else return all;
  } while (true);
}
