import type { Resource } from "../resource";
import { iamServiceAccount } from "./iamServiceAccount";
import { iamServiceAccountApiKey } from "./iamServiceAccountApiKey";
import { resourcemanagerFolderIamMember } from "./resourcemanagerFolderIamMember";

/** Every resource of the package, by its token. */
export const resources: Record<string, Resource> = Object.fromEntries(
  [iamServiceAccount, resourcemanagerFolderIamMember, iamServiceAccountApiKey].map((resource) => [resource.token, resource]),
);
