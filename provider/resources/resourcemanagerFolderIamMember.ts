import { FOLDER, unknownFolder } from "../lookups/folders";
import { text } from "../properties";
import { parseId } from "./resourcemanagerFolderIamMember/grant";
import type { FolderGrant } from "./resourcemanagerFolderIamMember/grant";
import { memberResource } from "./resourcemanagerFolderIamMember/memberResource";

/** One role of one member on a folder. */
export const resourcemanagerFolderIamMember = memberResource<FolderGrant>({
  token: "yandex:index/resourcemanagerFolderIamMember:ResourcemanagerFolderIamMember",
  description: "Grants one role on a folder to one member. Other access bindings of the folder are not changed.",
  example: "ai.languageModels.user",

  place: {
    folderId: text("Folder on which the role is granted. Default: the provider's folder.", {
      ...FOLDER,
      onChange: "replace",
    }),
  },

  defaults: (inputs, { settings }) => ({ folderId: inputs.folderId ?? settings.folderId }),

  parse(id) {
    const [folderId, role, member] = parseId(id, "folder");
    return { folderId, role, member };
  },

  unknownPlace: ({ folderId }, context) => unknownFolder(folderId, context),
});
