import type { CallRecord } from "../calls/calls";
import type { HttpPart } from "../transport/httpCall";
import type { State } from "../store/state";

/** What the local cloud holds, as one page to read in a browser: no script, no secret, nothing that changes anything. */
export function openStatusPage(state: State, calls: CallRecord[]): HttpPart {
  return (http) => {
    if (http.method === "GET" && http.path === "/health")
      return { errors: "plain", answer: () => ({ status: 200, json: { status: "SERVING" } }) };
    if (http.method !== "GET" || http.path !== "/") return undefined;
    const type = "text/html; charset=utf-8";
    return { errors: "plain", answer: () => ({ status: 200, bytes: Buffer.from(page(state, calls)), type }) };
  };
}

/** Rows of one table at most; a page of ten thousand keys helps nobody. */
const shownRows = 200;
const shownCalls = 50;

function page(state: State, calls: CallRecord[]): string {
  const now = state.clock.now();
  const folders = [...state.folders.values()].map(({ id, name, cloudId }) => [name, id, cloudId]);
  const accounts = [...state.accounts.values()].map(({ id, name, folderId, createdAt }) => [
    name,
    id,
    folderId,
    moment(createdAt),
  ]);
  const grants = [...state.bindings.values()]
    .filter(({ until }) => until === undefined)
    .map(({ roleId, subjectType, subjectId, resourceId }) => [roleId, `${subjectType} ${subjectId}`, resourceId]);
  const keys = [...state.apiKeys.values()]
    .filter(({ deletedAt }) => deletedAt === undefined)
    .map((key) => [
      key.id,
      key.serviceAccountId,
      key.scopes.join(" "),
      expiry(key.expiresAt, now),
      moment(key.lastUsedAt),
    ]);
  const recent = calls
    .slice(-shownCalls)
    .reverse()
    .map(({ at, method, caller, status, ms }) => [moment(at), method, caller, status, `${ms} ms`]);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Local cloud</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<h1>Local cloud</h1>
<p>Its time is ${moment(now)}. Reload to look again.</p>
${table("Folders", ["Name", "ID", "Cloud"], folders)}
${table("Service accounts", ["Name", "ID", "Folder", "Created"], accounts)}
${table("Grants", ["Role", "Subject", "On"], grants)}
${table("API keys", ["ID", "Service account", "Scopes", "Expires", "Last used"], keys)}
${table("Recent calls", ["Time", "Call", "Caller", "Status", "Took"], recent)}
</body>
</html>
`;
}

function table(title: string, heads: string[], rows: string[][]): string {
  const head = heads.map((text) => `<th>${escaped(text)}</th>`).join("");
  // On a narrow screen each cell tells its own head.
  const row = (texts: string[]) => texts.map((text, i) => `<td data-head="${heads[i]}">${escaped(text)}</td>`).join("");
  const body = rows.slice(0, shownRows).map((texts) => `<tr>${row(texts)}</tr>`);
  const more = rows.length > shownRows ? `<p>and ${rows.length - shownRows} more</p>` : "";
  const content = rows.length === 0 ? "<p>none</p>" : `<table><tr>${head}</tr>\n${body.join("\n")}</table>${more}`;
  return `<h2>${escaped(title)} <small>${rows.length}</small></h2>\n${content}`;
}

const moment = (at: number | undefined) => (at === undefined ? "never" : `${new Date(at).toISOString().slice(0, 19)}Z`);

const expiry = (at: number | undefined, now: number) =>
  moment(at) + (at !== undefined && at <= now ? " (expired)" : "");

const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const style = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#ffffff, #16181c); --ink: light-dark(#1d2126, #e6e8eb);
  --faint: light-dark(#5a626b, #a0a8b2); --line: light-dark(#e1e4e8, #31363d);
}
body { background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2.2rem 0 .4rem; }
p { color: var(--faint); margin: .2rem 0; } small { color: var(--faint); font-weight: normal; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem 1.2rem .35rem 0; text-align: left; vertical-align: top; }
th { color: var(--faint); font-size: .85rem; font-weight: 600; }
td { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
@media (max-width: 48rem) {
  table, tbody, tr { display: block; } tr:first-child { display: none; }
  tr { border-bottom: 1px solid var(--line); padding: .4rem 0; }
  td { border: 0; display: grid; gap: .8rem; grid-template-columns: 7rem 1fr; padding: .1rem 0; }
  td::before { color: var(--faint); content: attr(data-head); font-size: .85rem; line-height: 1.75; }
}
`;
