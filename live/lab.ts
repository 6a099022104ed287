/**
 * What a probe works with: questions to the cloud that are recorded, and things that are labelled, expire within hours and
 * are removed at the end.
 */
import type { Recorder } from "./recording";
import { type Answer, type Connection, type Exchange, type Question, send } from "./rest";

/** Marks the accounts and secrets of this command; its value is the ID of the run. */
export const LABEL = "yandex-ai-access-live";

/** An API key that is left behind ends by itself. */
export const LIFE_MS = 2 * 60 * 60 * 1000;

/** Of the form of a key, and given to nobody. */
export const NO_KEY = `AQVN${"0".repeat(37)}`;

export interface Account {
  id: string;
  name: string;
}

export interface Key {
  id: string;
  secret: string;
}

export interface LabOptions {
  connection: Connection;
  /** `live-` and the ID of the run. */
  prefix: string;
  folderId: string;
  recorder: Recorder;
  /** Notes an account before anything else is done with it. */
  account(id: string): void;
  /** Secrets of the keys of this run, with the ID of each. */
  keys: Map<string, string>;
  sleep(ms: number): Promise<void>;
  randomId(): string;
}

/** The cloud refused what a probe needs, so that the probe cannot go on. */
export class Refused extends Error {}

export class Lab {
  readonly folderId: string;
  readonly prefix: string;
  /** The exchanges of the probe that runs, as they are recorded. */
  exchanges: Exchange[] = [];

  constructor(private readonly options: LabOptions) {
    this.folderId = options.folderId;
    this.prefix = options.prefix;
  }

  /** Notes an account that a probe has created by itself. */
  created(accountId: string): void {
    this.options.account(accountId);
  }

  uuid = (): string => this.options.randomId();
  now = (): number => this.options.connection.now();
  sleep = (ms: number): Promise<void> => this.options.sleep(ms);

  /** Asks once, and records the answer, whatever it is. */
  async ask(question: Question): Promise<Answer> {
    const answer = await send(question, this.options.connection);
    if (typeof answer.body?.secret === "string") this.options.keys.set(answer.body.secret, answer.body.apiKey?.id);
    const shown = { ...question, as: this.callerOf(question) };
    this.exchanges.push(this.options.recorder.add({ question: shown, answer }));
    return answer;
  }

  private callerOf({ as = "deployer" }: Question): string {
    if (typeof as === "string") return as;
    return "token" in as ? "token" : `key ${this.options.keys.get(as.secretKey) ?? "that does not exist"}`;
  }

  /**
   * Asks for what must succeed.
   *
   * @throws Refused with what the cloud answered
   */
  async get(question: Question): Promise<Answer["body"]> {
    const answer = await this.ask(question);
    if (answer.status >= 200 && answer.status < 300) return answer.body;
    const path = question.path.split("?")[0];
    throw new Refused(`${question.method} ${path} was refused: ${answer.status} ${messageOf(answer)}`);
  }

  /** The same, where the answer is an operation: waits until it is done, and returns its response. */
  async change(question: Question): Promise<Answer["body"]> {
    return (await this.finished(await this.get(question))).response ?? {};
  }

  /** @throws Refused if the operation failed */
  async finished(operation: Answer["body"]): Promise<Answer["body"]> {
    let seen = operation;
    for (let polls = 0; !seen.done; polls++) {
      if (polls > 0) await this.sleep(Math.min(250 * 2 ** polls, 2000));
      seen = await this.get({ service: "operation", method: "GET", path: `/operations/${seen.id}` });
    }
    if (seen.error) throw new Refused(`the operation failed: ${seen.error.message}`);
    return seen;
  }

  accountRequest(purpose: string): Question {
    const { prefix, folderId } = this;
    const body = { folderId, name: `${prefix}-${purpose}`, description: `npm run live`, labels: { [LABEL]: prefix } };
    return { service: "iam", method: "POST", path: "/iam/v1/serviceAccounts", body };
  }

  async account(purpose: string): Promise<Account> {
    const operation = await this.get(this.accountRequest(purpose));
    const { id, name } = (await this.finished(operation)).response as Account;
    this.created(id);
    return { id, name };
  }

  removeAccount(id: string): Promise<unknown> {
    return this.change({ service: "iam", method: "DELETE", path: `/iam/v1/serviceAccounts/${id}` });
  }

  keyRequest(account: Account, fields: object = {}): Question {
    const expiresAt = new Date(this.now() + LIFE_MS).toISOString();
    const body = { serviceAccountId: account.id, description: "npm run live", expiresAt, ...fields };
    return { service: "iam", method: "POST", path: "/iam/v1/apiKeys", body };
  }

  async key(account: Account, fields: object = {}): Promise<Key> {
    const { apiKey, secret } = await this.get(this.keyRequest(account, fields));
    return { id: apiKey.id as string, secret: secret as string };
  }

  removeKey(id: string): Promise<unknown> {
    return this.get({ service: "iam", method: "DELETE", path: `/iam/v1/apiKeys/${id}` });
  }

  bindingsRequest(action: "ADD" | "REMOVE", account: Account, roles: readonly string[]): Question {
    const subject = { id: account.id, type: "serviceAccount" };
    const accessBindingDeltas = roles.map((roleId) => ({ action, accessBinding: { roleId, subject } }));
    const path = `/resource-manager/v1/folders/${this.folderId}:updateAccessBindings`;
    return { service: "resource-manager", method: "POST", path, body: { accessBindingDeltas } };
  }

  /** Roles of an account of this run on the folder. */
  grant(account: Account, ...roles: string[]): Promise<Answer["body"]> {
    return this.change(this.bindingsRequest("ADD", account, roles));
  }

  revoke(account: Account, ...roles: string[]): Promise<Answer["body"]> {
    return this.change(this.bindingsRequest("REMOVE", account, roles));
  }

  /** The roles of a subject on the folder, as a list shows them now. */
  async rolesOf(subjectId: string): Promise<string[]> {
    return (await this.rolesBySubject(new Set([subjectId]))).get(subjectId) ?? [];
  }

  async rolesBySubject(ids: ReadonlySet<string>): Promise<Map<string, string[]>> {
    const found = new Map<string, string[]>();
    for (let token = ""; ;) {
      const query = `?pageSize=1000${token && `&pageToken=${encodeURIComponent(token)}`}`;
      const path = `/resource-manager/v1/folders/${this.folderId}:listAccessBindings${query}`;
      const { accessBindings = [], nextPageToken } = await this.get({
        service: "resource-manager",
        method: "GET",
        path,
      });
      for (const { roleId, subject } of accessBindings as { roleId: string; subject: { id: string } }[])
        if (ids.has(subject.id)) found.set(subject.id, [...(found.get(subject.id) ?? []), roleId]);
      token = nextPageToken ?? "";
      if (!token) return found;
    }
  }

  /** Asks a model that does not exist: refused with 401 or 403 where the key has no access, and for the model otherwise. */
  async reaches(key: Key, path = "/v1/chat/completions"): Promise<{ status: number; accepted: boolean }> {
    const model = `gpt://${this.folderId}/access-probe/latest`;
    const body =
      path === "/v1/responses" ? { model, input: "?" } : { model, messages: [{ role: "user", content: "?" }] };
    const headers = { "openai-project": this.folderId };
    const as = { secretKey: key.secret };
    const { status } = await this.ask({ service: "openai", method: "POST", path, body, headers, as });
    return { status, accepted: status !== 401 && status !== 403 && status < 500 };
  }
}

export const messageOf = ({ body }: Answer): string =>
  String(body?.message ?? body?.error?.message ?? body?.error ?? "").slice(0, 300);
