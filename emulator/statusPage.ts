import type { CallRecord } from "./calls";
import type { HttpPart } from "./http";
import type { State } from "./state";

/** What the local cloud holds, as one page to read in a browser: no script, no secret, nothing that changes anything. */
export function openStatusPage(state: State, calls: CallRecord[]): HttpPart {
  return (http) => {
    if (http.method !== "GET" || http.path !== "/") return undefined;
    const bytes = Buffer.from(page(state, calls));
    return Promise.resolve({ status: 200, bytes, type: "text/html; charset=utf-8" });
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
  const cells = (tag: string, texts: string[]) => texts.map((text) => `<${tag}>${escaped(text)}</${tag}>`).join("");
  const body = rows.slice(0, shownRows).map((row) => `<tr>${cells("td", row)}</tr>`);
  const more = rows.length > shownRows ? `<p>and ${rows.length - shownRows} more</p>` : "";
  const content =
    rows.length === 0 ? "<p>none</p>" : `<table><tr>${cells("th", heads)}</tr>\n${body.join("\n")}</table>${more}`;
  return `<h2>${escaped(title)} <small>${rows.length}</small></h2>\n<div>${content}</div>`;
}

const moment = (at: number | undefined) => (at === undefined ? "never" : `${new Date(at).toISOString().slice(0, 19)}Z`);

const expiry = (at: number | undefined, now: number) =>
  moment(at) + (at !== undefined && at <= now ? " (expired)" : "");

const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const style = `
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; } small { font-weight: normal; opacity: .6; }
div { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem 1rem .3rem 0; border-bottom: 1px solid #8884; vertical-align: top; }
th { font-weight: 600; opacity: .7; } td { font-variant-numeric: tabular-nums; }
`;
