import type { AccountRecord, ApiKeyRecord, BindingRecord, FolderRecord } from "../../store/records";
import type { State } from "../../store/state";
import { html, type Html } from "./html";
import { timeOf } from "./times";

/** Accounts and keys of one list at most; a page of ten thousand keys helps nobody. */
const MOST = 200;

/** Who may do what: the accounts of each folder with their roles and keys, and everybody else who holds a role. */
export function accessOf(state: State, now: number): Html {
  const folders = [...state.folders.values()];
  const keys = [...state.apiKeys.values()].filter(({ deletedAt }) => deletedAt === undefined).length;
  return html`<section id="access">
    <h2>Access <small>${count(state.accounts.size, "account")}, ${count(keys, "API key")}</small></h2>
    ${folders.map((folder) => folderOf(state, folder, now))} ${othersOf(state)}
  </section>`;
}

function folderOf(state: State, folder: FolderRecord, now: number): Html {
  const accounts = present(state.index.accountsIn(folder.id), (id) => state.accounts.peek(id));
  return html`<h3>Folder ${named(folder.name, folder.id)}</h3>
    ${accounts.length === 0 ? html`<p>No service accounts yet.</p>` : ""}
    ${accounts.slice(0, MOST).map((account) => accountOf(state, account, now))} ${more(accounts.length)}`;
}

function accountOf(state: State, account: AccountRecord, now: number): Html {
  const roles = grantsOf(state, account.id);
  const keys = present(state.index.apiKeysOf(account.id), (id) => state.apiKeys.peek(id)).filter(isLive);
  const lacking = [roles.length === 0 ? "No roles." : "", keys.length === 0 ? "No API keys." : ""].filter(Boolean);
  return html`<article>
    <h4>${named(account.name, account.id)} <small>created ${timeOf(account.createdAt, now)}</small></h4>
    <dl>${rolesOf(state, roles, account.folderId)} ${keys.slice(0, MOST).map((key) => keyOf(key, now))}</dl>
    ${lacking.length > 0 ? html`<p>${lacking.join(" ")}</p>` : ""} ${more(keys.length)}
  </article>`;
}

function keyOf(key: ApiKeyRecord, now: number): Html {
  const used = key.lastUsedAt === undefined ? "never used" : html`used ${timeOf(key.lastUsedAt, now)}`;
  return html`<div class="key">
    <dt>API key</dt>
    <dd>
      <p><code>${key.id}</code> <span>${expiryOf(key.expiresAt, now)}, ${used}</span></p>
      <ul>
        ${key.scopes.map((scope) => html`<li><code>${scope}</code></li>`)}
      </ul>
    </dd>
  </div>`;
}

const WEEK = 7 * 24 * 60 * 60 * 1000;

function expiryOf(at: number | undefined, now: number): Html | string {
  if (at === undefined) return html`<span class="soon">never expires</span>`;
  if (at <= now) return html`<span class="bad">expired ${timeOf(at, now)}</span>`;
  return html`<span class="${at - now < WEEK ? "soon" : ""}">expires ${timeOf(at, now)}</span>`;
}

const grantsOf = (state: State, subjectId: string): BindingRecord[] =>
  present(state.index.bindingsOf(subjectId), (id) => state.bindings.peek(id)).filter(isHonoured);

/** A role says where it is held, unless that is the folder under whose name it stands. */
function rolesOf(state: State, grants: readonly BindingRecord[], home = ""): Html | undefined {
  if (grants.length === 0) return undefined;
  const place = (id: string) => (id === home ? "" : html` <small>on ${placeOf(state, id)}</small>`);
  const roles = grants.map(({ roleId, resourceId }) => html`<li><code>${roleId}</code>${place(resourceId)}</li>`);
  return html`<div>
    <dt>Roles</dt>
    <dd>
      <ul>
        ${roles}
      </ul>
    </dd>
  </div>`;
}

/** People, and subjects that stand for many. */
function othersOf(state: State): Html | undefined {
  const subjects = [...state.bindings.values()].filter(isHonoured).map(({ subjectId }) => subjectId);
  const ids = [...new Set(subjects)].filter((id) => !state.accounts.peek(id));
  if (ids.length === 0) return undefined;
  const nameOf = (id: string) => {
    const user = state.users.peek(id);
    return user ? named(user.name, id) : named(id, "");
  };
  const other = (id: string) =>
    html`<article>
      <h4>${nameOf(id)}</h4>
      <dl>${rolesOf(state, grantsOf(state, id))}</dl>
    </article>`;
  return html`<h3>Others who hold roles</h3>
    ${ids.slice(0, MOST).map(other)} ${more(ids.length)}`;
}

function placeOf(state: State, id: string): Html {
  const folder = state.folders.peek(id);
  if (folder) return html`folder <span title="${id}">${folder.name}</span>`;
  const cloud = state.clouds.peek(id);
  if (cloud) return html`cloud <span title="${id}">${cloud.name}</span>`;
  const account = state.accounts.peek(id);
  return account ? html`account <span title="${id}">${account.name}</span>` : html`<code>${id}</code>`;
}

/** The name first, the ID beside it: whole, and fainter. */
export const named = (name: string, id: string): Html =>
  html`<b>${name}</b> ${id === "" ? "" : html`<code class="id">${id}</code>`}`;

const isLive = ({ deletedAt }: ApiKeyRecord): boolean => deletedAt === undefined;
const isHonoured = ({ until }: BindingRecord): boolean => until === undefined;

const present = <T>(ids: Iterable<string>, find: (id: string) => T | undefined): T[] =>
  [...ids].map(find).filter((found) => found !== undefined);

const more = (length: number): Html | undefined => (length > MOST ? html`<p>and ${length - MOST} more</p>` : undefined);

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;
