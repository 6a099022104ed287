/**
 * A Terraform state, version 4, of an account, its role and its key. It is reconstructed, not recorded: the format is the
 * documented one, the attributes are those of the schemas of the official provider 0.222, empty where nothing was set.
 */
export function terraformState(folderId: string, account: string, key: { id: string; secret: string }) {
  const provider = 'provider["registry.terraform.io/yandex-cloud/yandex"]';
  const resource = (type: string, name: string, attributes: Record<string, unknown>) => ({
    ...{ mode: "managed", type, name, provider },
    instances: [{ schema_version: 0, attributes, sensitive_attributes: [], private: "bnVsbA==" }],
  });
  const role = "ai.languageModels.user";
  const member = `serviceAccount:${account}`;
  return {
    version: 4,
    terraform_version: "1.12.6",
    serial: 7,
    lineage: "6d0f3f5c-2f6e-8d0d-3a2b-1c4f5e6a7b8c",
    outputs: {},
    resources: [
      resource("yandex_iam_service_account", "shop", {
        ...{ id: account, service_account_id: account, name: "sa-api", folder_id: folderId },
        ...{ description: "", labels: {}, created_at: "2026-11-01T10:00:00Z", expires_at: "", status: "ACTIVE" },
        timeouts: null,
      }),
      resource("yandex_resourcemanager_folder_iam_member", "shop", {
        ...{ id: `${folderId}/${role}/${member}`, folder_id: folderId, role, member, sleep_after: null },
      }),
      resource("yandex_iam_service_account_api_key", "shop", {
        ...{ id: key.id, service_account_id: account, secret_key: key.secret, scope: null },
        ...{ scopes: ["yc.ai.languageModels.execute"], description: "", expires_at: null, pgp_key: null },
        ...{ encrypted_secret_key: "", key_fingerprint: "", output_to_lockbox: [], output_to_lockbox_version_id: "" },
        created_at: "2026-11-01T10:00:00Z",
      }),
    ],
  };
}

export type TerraformState = ReturnType<typeof terraformState>;
