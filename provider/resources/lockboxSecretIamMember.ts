import { SECRET_ID, unknownSecret } from "../lookups/secrets";
import { text } from "../properties";
import { parseId } from "./resourcemanagerFolderIamMember/grant";
import type { SecretGrant } from "./resourcemanagerFolderIamMember/grant";
import { memberResource } from "./resourcemanagerFolderIamMember/memberResource";

/** One role of one member on one secret of Lockbox. */
export const lockboxSecretIamMember = memberResource<SecretGrant>({
  token: "yandex:index/lockboxSecretIamMember:LockboxSecretIamMember",
  description:
    "Grants one role on one Lockbox secret to one member, such as `lockbox.payloadViewer` to the application that reads it. Other access bindings of the secret are not changed.",
  example: "lockbox.payloadViewer",

  place: {
    secretId: text("Secret on which the role is granted.", {
      required: true,
      onChange: "replace",
      pattern: SECRET_ID,
    }),
  },

  parse(id) {
    const [secretId, role, member] = parseId(id, "secret");
    return { secretId, role, member };
  },

  unknownPlace: ({ secretId }, context) => unknownSecret(secretId, context),
});
