/** What the cloud answered, as plain data: everything that the inventory is made of. Moments are milliseconds since 1970. */
export interface Survey {
  scope: { kind: "folder" | "cloud"; id: string };
  /** When the cloud was asked. */
  at: number;
  folders: readonly { id: string; name: string; cloudId: string }[];
  accounts: readonly Account[];
  keys: readonly Key[];
  grants: readonly Grant[];
  /** IDs of service accounts that hold a role here and no longer exist. */
  deletedAccounts: readonly string[];
  /** What the cloud did not show. */
  unseen: readonly Unseen[];
  /** The stacks with settings in this clone; a mark of another stack of `project` has lost its owner. */
  known?: { project: string; stacks: readonly string[] };
}

export interface Account {
  id: string;
  folderId: string;
  name: string;
  labels: Readonly<Record<string, string>>;
}

export interface Key {
  id: string;
  accountId: string;
  description: string;
  scopes: readonly string[];
  createdAt: number | undefined;
  expiresAt: number | undefined;
  lastUsedAt: number | undefined;
}

/** A role on a folder or a cloud. `type` of the subject is `serviceAccount`, `system`, `group` and the like. */
export interface Grant {
  place: Place;
  role: string;
  subject: { id: string; type: string };
}

export interface Place {
  kind: "folder" | "cloud";
  id: string;
}

/** `about` is the ID of the cloud or folder whose roles or accounts, or of the account whose keys, are not known. */
export interface Unseen {
  kind: "folders" | "roles" | "accounts" | "keys" | "account";
  about: string;
  reason: string;
}
