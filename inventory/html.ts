import { KINDS } from "./findings";
import type { Inventory } from "./inventory";
import { COLUMNS, headingOf, rowsOf, totalsOf } from "./rows";

/** One page that asks nobody for anything: its style and its script are inside, and it may load nothing. */
export const asHtml = (inventory: Inventory): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>API keys for AI Studio</title>
<style>${STYLE}</style>
<h1>${escaped(headingOf(inventory))}</h1>
<p>Findings: ${escaped(totalsOf(inventory))}. A click on the head of a column sorts by it.</p>
<h2>Findings</h2>
${table(
  "findings",
  ["severity", "finding", "next", "rule"],
  inventory.findings.map(({ severity, kind, text, next }) => [severity, text, next, KINDS[kind][2]]),
)}
<h2>Keys</h2>
${table("keys", COLUMNS, rowsOf(inventory))}
<p>Not looked at: ${escaped(inventory.limits.join("; "))}.</p>
<p>Rules: ${escaped(inventory.standard)}</p>
<script>${SCRIPT}</script>
</html>
`;

const table = (id: string, head: readonly string[], rows: readonly string[][]): string => {
  const heads = head.map((text) => `<th aria-sort="none"><button>${escaped(text)}</button></th>`).join("");
  const body = rows.map(
    (cells) =>
      `<tr>${cells.map((text, at) => `<td data-column="${escaped(head[at] ?? "")}"${text === cells[0] ? ` class="${text.replace(/\W/g, "-")}"` : ""}>${escaped(text)}</td>`).join("")}</tr>`,
  );
  return `<div class="wide"><table id="${id}"><thead><tr>${heads}</tr></thead><tbody>\n${body.join("\n")}\n</tbody></table></div>`;
};

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

const escaped = (text: string): string => text.replace(/[&<>"']/g, (mark) => ENTITIES[mark] ?? "");

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d5d9e0, #3a404c); --head: light-dark(#f2f4f7, #232833); }
body { font: 15px/1.45 system-ui, sans-serif; overflow-wrap: anywhere; margin: 1.5rem; background: light-dark(#fff, #171a21); color: light-dark(#1b1f27, #e4e7ee); }
h1 { font-size: 1.3rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { border: 1px solid var(--line); padding: .35rem .5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; min-width: 5rem; }
th { background: var(--head); padding: 0; }
th button { all: unset; cursor: pointer; display: block; padding: .35rem .5rem; font-weight: 600; }
th button:focus-visible { outline: 2px solid light-dark(#1f5fd0, #8ab4ff); outline-offset: -2px; }
th[aria-sort=ascending] button::after { content: " ▲"; } th[aria-sort=descending] button::after { content: " ▼"; }
#findings td:nth-child(3) { font-family: ui-monospace, monospace; font-size: .85em; }
td.high { color: light-dark(#b3261e, #ff8a80); font-weight: 700; } td.medium { color: light-dark(#8a5300, #ffc56b); font-weight: 600; }
td.not-known { color: light-dark(#5b3fa8, #c5b0ff); font-weight: 600; }
@media (max-width: 45rem) {
  body { margin: .75rem; }
  thead tr { display: flex; flex-wrap: wrap; } th { flex: 1 1 auto; min-width: 0; }
  table, thead, tbody, tr, td { display: block; } tbody tr { margin: .75rem 0; border: 1px solid var(--line); }
  td { border: 0; } td::before { content: attr(data-column) ": "; font: 600 .9em system-ui, sans-serif; opacity: .75; }
}`;

/** Severities and numbers have an order of their own; all else is sorted as text. */
const SCRIPT = `
const ranks = ["high", "medium", "low", "not known"];
const compare = (a, b) => {
  const [x, y] = [ranks.indexOf(a), ranks.indexOf(b)];
  if (x >= 0 && y >= 0) return x - y;
  return a.localeCompare(b, "en", { numeric: true });
};
for (const table of document.querySelectorAll("table")) {
  const heads = [...table.querySelectorAll("th")];
  heads.forEach((head, at) => head.firstChild.addEventListener("click", () => {
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const each of heads) each.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const body = table.tBodies[0];
    const rows = [...body.rows].sort((a, b) => compare(a.cells[at].textContent, b.cells[at].textContent));
    body.append(...(down ? rows.reverse() : rows));
  }));
}`;
