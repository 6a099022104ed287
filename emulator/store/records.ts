/** What the emulated cloud remembers, as plain JSON. Times are ms since 1970. */

export interface CloudRecord {
  id: string;
  name: string;
  description: string;
  organizationId: string;
  labels: Record<string, string>;
  createdAt: number;
  /** Who made it over the API. */
  createdBy?: string;
}

export interface FolderRecord {
  id: string;
  cloudId: string;
  name: string;
  description: string;
  labels: Record<string, string>;
  createdAt: number;
}

export interface AccountRecord {
  id: string;
  folderId: string;
  name: string;
  description: string;
  labels: Record<string, string>;
  createdAt: number;
  lastAuthenticatedAt?: number;
}

/** A person, or another subject that signs in by other means than a service account. Only seeded, the emulator has no call to make one. */
export interface UserRecord {
  id: string;
  name: string;
}

export interface ApiKeyRecord {
  id: string;
  serviceAccountId: string;
  description: string;
  /** As given, or the default list. */
  scopes: string[];
  createdAt: number;
  lastUsedAt?: number;
  expiresAt?: number;
  secretHash: string;
  maskedSecret: string;
  /** Set while a server with an old view may still accept the key. */
  deletedAt?: number;
}

/** An authorized key, by which an account signs JWTs. The private half is shown once and not kept. */
export interface AuthorizedKeyRecord {
  id: string;
  accountId: string;
  description: string;
  /** KeyService's enum: 1 RSA_2048, 2 RSA_4096. */
  keyAlgorithm: number;
  publicKey: string;
  createdAt: number;
  lastUsedAt?: number;
}

export interface BindingRecord {
  resourceId: string;
  roleId: string;
  subjectId: string;
  subjectType: string;
  since: number;
  /** Set while a server with an old view may still honour the grant. */
  until?: number;
}

export interface TokenRecord {
  hash: string;
  subjectId: string;
  createdAt: number;
  expiresAt: number;
}

/** `{"@type": "type.googleapis.com/…", …}`: a message as proto JSON. */
export type TypedJson = { "@type": string } & Record<string, unknown>;

export interface OperationRecord {
  id: string;
  description: string;
  createdAt: number;
  createdBy: string;
  modifiedAt: number;
  done: boolean;
  /** Under which an Idempotency-Key leads to it. */
  repeatId?: string;
  /** What it is about: an account, key, folder, cloud or secret. Empty: what a model was asked. */
  resourceId: string;
  metadata?: TypedJson;
  response?: TypedJson;
  error?: { code: number; message: string };
  /** While it is not done: what will happen, and when. */
  effect?: { name: string; payload: unknown };
  pollsLeft?: number;
  dueAt?: number;
  /** It will fail with this instead of having its effect. */
  willFail?: { code: number; message: string };
}

export const bindingId = (b: Pick<BindingRecord, "resourceId" | "roleId" | "subjectId" | "subjectType">): string =>
  `${b.resourceId} ${b.roleId} ${b.subjectType}:${b.subjectId}`;

/** An MCP server of the MCP Hub. Messages inside are kept as their JSON. */
export interface McpGatewayRecord {
  id: string;
  folderId: string;
  name: string;
  description: string;
  labels: Record<string, string>;
  /** Where it is called. */
  baseDomain: string;
  tools: unknown[];
  logOptions: unknown;
  serviceAccountId: string;
  networkId: string;
  /** Whether it answers callers without a key. */
  public: boolean;
  createdAt: number;
}
