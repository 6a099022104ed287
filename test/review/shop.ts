import { capabilityTable } from "../../components/capabilities";
import { type About, render, review } from "../../review";
import { type Described, digestOf } from "./digest";

export const NOW = Date.parse("2026-11-25T12:00:00Z");
export const folderId = "b1g00000000000000001";
export const otherFolder = "b1g00000000000000002";
export const account = "aje00000000000000001";
export const stranger = "aje00000000000000009";
export const scopes = ["yc.ai.languageModels.execute"];
export const soon = "2027-01-01T00:00:00Z";
export const later = "2027-06-01T00:00:00Z";

export const show = (resources: Described[], about?: About): string =>
  render(review(digestOf(resources), capabilityTable, NOW, about), "text", NOW);

export const own: Described = {
  op: "same",
  type: "IamServiceAccount",
  name: "shop",
  application: "shop",
  id: account,
  before: { folderId },
  after: { folderId },
};
export const newAccount: Described = { ...own, op: "create", id: undefined, before: undefined };

export const grant = (after: object, more: Partial<Described> = {}): Described => ({
  op: "create",
  type: "ResourcemanagerFolderIamMember",
  name: "grant",
  application: "shop",
  after: { folderId, role: "ai.translate.user", member: `serviceAccount:${account}`, ...after },
  ...more,
});
export const key = (after: object, more: Partial<Described> = {}): Described => ({
  op: "create",
  type: "IamServiceAccountApiKey",
  name: "key",
  application: "shop",
  after: { serviceAccountId: account, scopes, expiresAt: soon, ...after },
  ...more,
});
export const oldKey = (before: object, more: Partial<Described> = {}): Described => {
  const inputs = { serviceAccountId: account, scopes, expiresAt: soon, ...before };
  return { op: "delete", type: "IamServiceAccountApiKey", name: "key", application: "shop", before: inputs, ...more };
};
export const changedKey = (before: object, after: object): Described => ({
  ...oldKey(before, { op: "update", changed: ["expiresAt"] }),
  after: key(after).after,
});
export const secretId = "e6q00000000000000001";
export const secret = (op: string, inputs: object = {}, more: Partial<Described> = {}): Described => ({
  op,
  type: "LockboxSecret",
  name: "shop-key",
  application: "shop",
  ...(op !== "create" && { id: secretId, before: { folderId } }),
  ...(op !== "delete" && { after: { folderId, ...inputs } }),
  ...more,
});
export const at = (entryForSecretKey: string, secret: string = secretId) => ({
  outputToLockbox: { secretId: secret, entryForSecretKey },
});
export const reader = (after: object, more: Partial<Described> = {}): Described => ({
  op: "create",
  type: "LockboxSecretIamMember",
  name: "reader",
  application: "shop",
  after: { role: "lockbox.payloadViewer", member: `serviceAccount:${stranger}`, secretId, ...after },
  ...more,
});
export const loose = { application: undefined };
export const retained = { before: { retainOnDelete: true } };
