import type { Stack } from "../support/stack";

/**
 * A stack as the dynamic bridge over the official provider would have left it. It is reconstructed, not recorded: no
 * registry that tests may ask has that provider. The shapes follow the schema that the bridge derives from version 0.222
 * and a state that it was seen to write: every property of the Terraform schema is an output, empty where it was not set,
 * with the ID once more under the resource's own name, `__defaults` among the inputs, and the raw state's delta. One thing is left out: the parameter of the provider
 * resource (`__internal`), with which the engine starts the bridge's plug-in before the first step; it is not here.
 */
type Exported = Awaited<ReturnType<Stack["engine"]["exportStack"]>>;

interface Resource {
  urn: string;
  type: string;
  id?: string;
  provider?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

const PROVIDER = "pulumi:providers:yandex";

/** What is never in the program, and so an empty text or the cloud's own value in the state. */
const bridged: Record<string, (resource: Resource) => Record<string, unknown>> = {
  "yandex:index/iamServiceAccount:IamServiceAccount": ({ id, outputs = {} }) => ({
    createdAt: "2026-11-01T10:00:00Z",
    description: outputs.description ?? "",
    expiresAt: "",
    folderId: outputs.folderId,
    iamServiceAccountId: id,
    labels: outputs.labels ?? {},
    name: outputs.name,
    serviceAccountId: id,
    status: "ACTIVE",
    timeouts: null,
  }),
  "yandex:index/resourcemanagerFolderIamMember:ResourcemanagerFolderIamMember": ({ outputs = {} }) => ({
    folderId: outputs.folderId,
    member: outputs.member,
    resourcemanagerFolderIamMemberId: `${String(outputs.folderId)}/${String(outputs.role)}/${String(outputs.member)}`,
    role: outputs.role,
    sleepAfter: null,
  }),
  "yandex:index/iamServiceAccountApiKey:IamServiceAccountApiKey": ({ id, outputs = {} }) => ({
    createdAt: "2026-11-01T10:00:00Z",
    description: outputs.description ?? "",
    encryptedSecretKey: "",
    expiresAt: outputs.expiresAt ?? null,
    iamServiceAccountApiKeyId: id,
    keyFingerprint: "",
    outputToLockbox: null,
    outputToLockboxVersionId: "",
    pgpKey: null,
    scope: null,
    scopes: outputs.scopes,
    secretKey: outputs.secretKey,
    serviceAccountId: outputs.serviceAccountId,
  }),
};

/** The state that `stack` has with this provider, as the bridge keeps it. */
export async function asBridged(stack: Stack): Promise<Exported> {
  const exported = await stack.engine.exportStack();
  const resources = exported.deployment.resources as Resource[];
  const own = resources.find(({ type }) => type === PROVIDER)!;
  const reference = `${own.urn}::${own.id!}`;
  const urn = own.urn.replace(/[^:]+$/, "default_0_222_0");
  const change = (resource: Resource): Resource => {
    if (resource === own) {
      const inputs = { version: "0.222.0" };
      return { ...resource, urn, inputs, outputs: inputs };
    }
    const outputs = bridged[resource.type]?.(resource);
    if (!outputs) return resource;
    return {
      ...resource,
      provider: resource.provider?.replace(reference, `${urn}::${own.id!}`),
      inputs: { ...resource.inputs, __defaults: [] },
      outputs: { ...outputs, id: resource.id, __pulumi_raw_state_delta: { obj: {} } },
    };
  };
  return { ...exported, deployment: { ...exported.deployment, resources: resources.map(change) } };
}
