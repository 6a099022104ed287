import type { CallRecord } from "../../calls/calls";
import type { State } from "../../store/state";
import { html, type Html } from "./html";
import { timeOf } from "./times";

/** So many calls are looked at, and so many rows stand open; the others fold. */
const LOOKED_AT = 300;
const OPEN = 10;

/** Calls that follow each other and say the same to a reader. */
interface Row {
  kind: "probes" | "calls";
  latest: CallRecord;
  methods: string[];
}

/** The last calls, newest first. Equal ones in a row are one, and so are the probes of a key, which are meant to fail. */
export function callsOf(state: State, calls: readonly CallRecord[], now: number): Html {
  const recent = calls.slice(-LOOKED_AT).reverse();
  const rows = rowsOf(recent);
  const list = (some: readonly Row[]) =>
    html`<ol>
      ${some.map((row) => rowOf(state, row, now))}
    </ol>`;
  const folded =
    rows.length > OPEN
      ? html`<details id="earlier">
          <summary>${rows.slice(OPEN).reduce((sum, each) => sum + each.methods.length, 0)} earlier calls</summary>
          ${list(rows.slice(OPEN))}
        </details>`
      : "";
  return html`<section id="calls">
    <h2>Calls <small>${calls.length > LOOKED_AT ? `the last ${LOOKED_AT}` : calls.length}</small></h2>
    ${rows.length === 0 ? html`<p>No calls yet.</p>` : list(rows.slice(0, OPEN))} ${folded}
  </section>`;
}

function rowsOf(recent: readonly CallRecord[]): Row[] {
  const rows: Row[] = [];
  for (const call of recent) {
    const last = rows.at(-1);
    if (last && sameRow(last.latest, call)) last.methods.push(call.method);
    else rows.push({ kind: call.probe ? "probes" : "calls", latest: call, methods: [call.method] });
  }
  return rows;
}

function sameRow(one: CallRecord, other: CallRecord): boolean {
  if (one.caller !== other.caller || one.probe !== other.probe) return false;
  if (one.probe) return isRefused(one) === isRefused(other);
  return one.method === other.method && one.status === other.status;
}

function rowOf(state: State, { kind, latest, methods }: Row, now: number): Html {
  const what = kind === "probes" ? probed(methods) : html`<code>${latest.method}</code> ${times(methods.length)}`;
  return html`<li>
    <span class="what">${what}</span> ${answerOf(latest)}
    <span class="who" title="${latest.caller}">${callerOf(state, latest.caller)}</span>
    <span class="took">${Math.round(latest.ms)} ms</span>
    <span class="when">${timeOf(latest.at, now)}</span>
  </li>`;
}

const probed = (methods: string[]): Html =>
  html`<span title="${methods.join("\n")}"
    >Probe of a key: ${methods.length} ${methods.length === 1 ? "call" : "calls"}</span
  >`;

const times = (count: number): Html | undefined => (count > 1 ? html`<small>× ${count}</small>` : undefined);

function answerOf(call: CallRecord): Html {
  if (!call.probe) return html`<span class="answer ${call.status === "OK" ? "good" : "bad"}">${call.status}</span>`;
  return isRefused(call)
    ? html`<span class="answer bad" title="${call.status}">key refused</span>`
    : html`<span class="answer" title="${call.status}: the service let the key in and refused the empty request"
        >key let in</span
      >`;
}

/** A probe asks for nothing that exists: only an answer about the key itself says no. */
const isRefused = ({ status }: CallRecord): boolean => status === "UNAUTHENTICATED" || status === "PERMISSION_DENIED";

const callerOf = (state: State, id: string): string =>
  id === "-" ? "unknown caller" : (state.accounts.peek(id)?.name ?? state.users.peek(id)?.name ?? id);
