import type { Resource } from "../contract/resource";
import { aiStudioKeyValidation } from "./aiStudioKeyValidation";
import { iamServiceAccount } from "./iamServiceAccount";
import { iamServiceAccountApiKey } from "./iamServiceAccountApiKey";
import { resourcemanagerFolderIamMember } from "./resourcemanagerFolderIamMember";

/** Every resource of the package, by its token. */
export const resources: Record<string, Resource> = Object.fromEntries(
  [iamServiceAccount, resourcemanagerFolderIamMember, iamServiceAccountApiKey, aiStudioKeyValidation].map(
    (resource) => [resource.token, resource],
  ),
);
