/**
 * resources/: one file for each resource, and a folder beside it for its parts. A resource may import contract, lookups,
 * ownership, cloud and properties; it sees plain values and knows no protocol.
 * Start with iamServiceAccount.ts: table, checks, then create, read, update and delete. A new one needs a line below.
 */
import type { Resource } from "../contract/resource";
import { aiStudioKeyValidation } from "./aiStudioKeyValidation";
import { iamServiceAccount } from "./iamServiceAccount";
import { iamServiceAccountApiKey } from "./iamServiceAccountApiKey";
import { lockboxSecret } from "./lockboxSecret";
import { lockboxSecretIamMember } from "./lockboxSecretIamMember";
import { lockboxSecretVersion } from "./lockboxSecretVersion";
import { resourcemanagerFolderIamMember } from "./resourcemanagerFolderIamMember";

/** Every resource of the package, by its token. */
export const resources: Record<string, Resource> = Object.fromEntries(
  [
    iamServiceAccount,
    resourcemanagerFolderIamMember,
    iamServiceAccountApiKey,
    aiStudioKeyValidation,
    lockboxSecret,
    lockboxSecretVersion,
    lockboxSecretIamMember,
  ].map((resource) => [resource.token, resource]),
);
