/** What a search that searches nothing finds: pages that do not exist, and say so. */

export interface FoundPage {
  url: string;
  domain: string;
  title: string;
  passage: string;
}

const found = 2;

/** The same for the same query. `example.com` is a name that nobody can own. */
export const pagesFor = (query: string): FoundPage[] =>
  Array.from({ length: found }, (_, position) => ({
    url: `https://example.com/stand-in/${position + 1}?text=${encodeURIComponent(query)}`,
    domain: "example.com",
    title: `Result ${position + 1} of a local stand-in`,
    passage: `A local stand-in was asked to search for "${query}" and searched nothing.`,
  }));

interface Results {
  query: string;
  page: number;
  /** What results are grouped by: `d` for sites, `ii` for images. */
  attribute: "d" | "ii";
  /** More elements of a document, as XML. */
  details?: (page: FoundPage) => string;
}

/** The XML form of results, with the elements that the cloud sends (recorded), each page in a group of its own. */
export function resultsXml({ query, page, attribute, details }: Results): Buffer {
  const groups = pagesFor(query).map(
    (document, position) =>
      `<group><categ attr="${attribute}" name="${document.domain}"/><doccount>1</doccount><relevance priority="all"/>` +
      `<doc id="Z${String(position + 1).padStart(16, "0")}"><relevance priority="all"/><url>${escaped(document.url)}</url>` +
      `<domain>${document.domain}</domain><title>${escaped(document.title)}</title><modtime>20250101T000000</modtime>` +
      `<size>0</size><charset>utf-8</charset>${details?.(document) ?? ""}<mime-type>text/html</mime-type>` +
      `<passages><passage>${escaped(document.passage)}</passage></passages></doc></group>`,
  );
  const counts = ["phrase", "strict", "all"]
    .map((priority) => `<found priority="${priority}">${found}</found>`)
    .join("");
  const grouping = `attr="${attribute}" mode="deep" groups-on-page="20" docs-in-group="1" curcateg="-1"`;
  return Buffer.from(
    `<?xml version="1.0" encoding="utf-8"?>\n<yandexsearch version="1.0">\n<request><query>${escaped(query)}</query>` +
      `<page>${page}</page><groupings><groupby ${grouping}/></groupings></request>\n<response date="20250101T000000">` +
      `${counts}<found-human>${found}</found-human><is-local>no</is-local><results><grouping ${grouping}>` +
      `<page first="1" last="${found}">${page}</page>${groups.join("")}</grouping></results></response>\n</yandexsearch>\n`,
  );
}

/** The HTML form of results. */
export function resultsHtml(query: string): Buffer {
  const items = pagesFor(query).map(
    ({ url, title, passage }) => `<li><a href="${escaped(url)}">${escaped(title)}</a> ${escaped(passage)}</li>`,
  );
  return Buffer.from(
    `<!DOCTYPE html><html><head><title>${escaped(query)}</title></head><body><ul>${items.join("")}</ul></body></html>\n`,
  );
}

/** Text for XML: its signs are replaced, and characters that XML does not know are dropped. */
const escaped = (text: string): string =>
  text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "")
    .replace(/[<>&"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
