/** All items of a list that the cloud answers in pages; the first page is asked for with an empty token. */
export async function pages<Item>(
  ask: (pageToken: string) => Promise<{ items: Item[]; nextPageToken: string }>,
): Promise<Item[]> {
  const all: Item[] = [];
  let pageToken = "";
  do {
    const { items, nextPageToken } = await ask(pageToken);
    all.push(...items);
    pageToken = nextPageToken;
  } while (pageToken);
  return all;
}
