import { SERVICE_ACCOUNT_ID } from "../lookups/accounts";
import { FOLDER } from "../lookups/folders";
import { awaitAccess } from "./aiStudioKeyValidation/awaitAccess";
import { markOf } from "../ownership/marker";
import { probes } from "./aiStudioKeyValidation/probes";
import { flag, set, text, whole } from "../properties";
import type { Context, Resource } from "../contract/resource";

/**
 * Waits until a key works. Roles and keys take a while to be known everywhere; a reader of this secret gets
 * it when the services accept it. Nothing is made in the cloud, and once it has waited it does nothing any more.
 */
export interface KeyValidationInputs {
  folderId: string;
  serviceAccountId?: string;
  secretKey: string;
  capabilities?: string[];
  required?: boolean;
  timeoutSeconds?: number;
}

const DEFAULT_TIMEOUT_SECONDS = 120;

export const aiStudioKeyValidation: Resource<KeyValidationInputs, KeyValidationInputs> = {
  token: "yandex:index/aiStudioKeyValidation:AiStudioKeyValidation",
  description:
    "Waits until AI Studio accepts an API key: calls each service with requests that consume no tokens until several consecutive calls are authorized. Make it depend on the grants of the key's account, and use its `secretKey`. Not available in the bridged provider.",

  properties: {
    folderId: text("Folder whose models the application calls. Default: the provider's folder.", FOLDER),
    serviceAccountId: text("Service account of the key; messages show it.", { pattern: SERVICE_ACCOUNT_ID }),
    secretKey: text("The key. It is also an output, which resolves when the key works.", {
      required: true,
      secret: true,
    }),
    capabilities: set(
      `Capabilities to check: ${Object.keys(probes).join(", ")}. For mcp, the MCP servers of the folder are called that the deployer may list. Unknown names are ignored. Default: none (returns immediately).`,
    ),
    required: flag("Whether a key that does not work in time is an error. Default: false, which gives a warning."),
    timeoutSeconds: whole(`How long to wait, in seconds. Default: ${DEFAULT_TIMEOUT_SECONDS}.`, { min: 1, max: 3600 }),
  },

  defaults: (inputs, { settings }) => ({ folderId: inputs.folderId ?? settings.folderId }),

  // The last questions take a while too.
  defaultTimeoutSeconds: ({ timeoutSeconds }) => (timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) + 60,

  async create(inputs, context) {
    await validate(inputs, context);
    return { id: markOf(context), state: { ...inputs } };
  },

  async read(id, old) {
    if (!old)
      throw new Error("a validation cannot be imported: it is nothing in the cloud. Declare it, and it runs once");
    return { id, state: old };
  },

  async update(_id, inputs, _old, changed, context) {
    // How long to wait and what to do then concern a wait that is over.
    if (changed.some((name) => name !== "required" && name !== "timeoutSeconds")) await validate(inputs, context);
    return { ...inputs };
  },

  async delete() {
    // There is nothing in the cloud that could be deleted.
  },
};

async function validate(inputs: KeyValidationInputs, context: Context): Promise<void> {
  const seconds = inputs.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
  const answer = await awaitAccess(inputs, seconds * 1000, context);
  if (answer === "works") return;
  const message = `the key does not work after ${seconds} seconds: ${answer}. A role that was just granted may take minutes; if it lasts, see whether the billing account is active`;
  if (inputs.required) throw new Error(message);
  context.log("warning", message);
}
