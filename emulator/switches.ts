import { scopeIds } from "./catalogue/scopes";

/**
 * What is not known about the real cloud, or differs from day to day there. Each switch says where its default comes from:
 * (doc) documentation, (proto) API definitions, (client) sources of official clients, (assumed) nobody outside knows.
 * Tests run the other side of a switch too, so that nothing depends on a guess.
 */
export interface Switches {
  /**
   * When an operation is done, and its effect visible: at once, after n polls of OperationService/Get, or after ms of the clock.
   * Default "atOnce" (doc: the sample operation "Create folder" is done 0.3 ms after it was created).
   */
  operations: "atOnce" | { polls: number } | { ms: number };
  /** Ms until a granted or removed role takes effect. Default 0 (doc: "usually 5 seconds or less"; earlier texts: up to 5 minutes). */
  roleDelayMs: number;
  /** Ms until a new key is accepted, or a deleted one refused. Default 0 (assumed: nothing is public). */
  keyDelayMs: number;
  /** Every nth access check meets a server whose view is `lagMs` old. Default off (doc: rights may be fresh on one server and stale on another). */
  staleNodes: { everyNth: number; lagMs: number } | undefined;
  /** Ms by which ListAccessBindings lags behind writes. Default 0 (client: the Terraform provider can sleep after a write for it). */
  bindingListLagMs: number;
  /** Whether grants of a deleted account stay listed. Default false (client: the Terraform provider deletes accounts and leaves their roles). */
  orphanGrants: boolean;
  /** Whether an update of bindings is refused with ABORTED while another one of the same resource is not done. Default true (assumed). */
  bindingConflicts: boolean;
  /**
   * Whether ApiKeyService/Create with a known Idempotency-Key is refused instead of making a second key.
   * Default false (doc: a repeat returns the first Operation; Create has none to return, so it makes another key: the worst case for a client).
   */
  keyCreateIdempotent: boolean;
  /** Most objects of a kind in a cloud. Defaults (doc): 100 accounts, 1000 API keys, 1000 authorized keys, 1000 bindings. */
  quotas: { serviceAccounts: number; apiKeys: number; authorizedKeys: number; accessBindings: number };
  /** Scopes a key can have. Default: as ApiKeyService/ListScopes answered in 2026; the list grows, so clients must not know it by heart. */
  scopes: readonly string[];
  /** Order in which scopes come back. Default "asGiven" (client: the acceptance tests of the Terraform provider check `scopes.0`). */
  scopeOrder: "asGiven" | "reversed" | "sorted";
  /** Whether a past expiresAt is refused at create and update. Default false (assumed; not documented). */
  refusePastExpiry: boolean;
  /** Whether the name of a deleted account can be used again at once. Default true (assumed). */
  nameFreesAtOnce: boolean;
  /** Scopes of a key made without any: the documented default list, or none, which AI services then refuse. Default "documented" (doc, 2026). */
  defaultScopes: "documented" | "none";
  /** Models beside those of the catalogue: `my-model` (`gpt://…`), `emb://my-model`, `gpt://yandexgpt/latest@tamr0`. Default none. */
  models: readonly string[];
  /**
   * When a streamed chat ends with a chunk of usage: as recorded (unasked from models that the cloud hosts, never from those of
   * Yandex), always, or never. Default "recorded" (client: recordings of the vendor's SDK; doc: include_usage is not supported).
   */
  usageChunk: "recorded" | "always" | "never";
  /** Whether a model calls tools where `tool_choice` leaves it the choice. Default true (client: as in the recordings of the vendor's SDK). */
  autoToolCalls: boolean;
  /** Whether embeddings take one text and give floats only, or as OpenAI's take 2048 and give base64 too. Default "documented" (doc). */
  embeddings: "documented" | "openai";
  /**
   * Whether the Responses API needs a role for agents beside one for models. Default true (doc: the guides of agents name
   * ai.assistants.editor; that of background requests names ai.languageModels.user alone).
   */
  responsesNeedAgentRole: boolean;
  /** Ms that every call takes. Default 0. */
  latencyMs: number;
}

export const defaultSwitches: Switches = {
  operations: "atOnce",
  roleDelayMs: 0,
  keyDelayMs: 0,
  staleNodes: undefined,
  bindingListLagMs: 0,
  orphanGrants: false,
  bindingConflicts: true,
  keyCreateIdempotent: false,
  quotas: { serviceAccounts: 100, apiKeys: 1000, authorizedKeys: 1000, accessBindings: 1000 },
  scopes: scopeIds,
  scopeOrder: "asGiven",
  refusePastExpiry: false,
  nameFreesAtOnce: true,
  defaultScopes: "documented",
  models: [],
  usageChunk: "recorded",
  autoToolCalls: true,
  embeddings: "documented",
  responsesNeedAgentRole: true,
  latencyMs: 0,
};

/** The longest time for which a removed record may still be seen by somebody. */
export const longestLag = (switches: Switches): number =>
  Math.max(switches.roleDelayMs, switches.keyDelayMs, switches.bindingListLagMs) + (switches.staleNodes?.lagMs ?? 0);
