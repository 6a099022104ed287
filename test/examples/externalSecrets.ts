import { z } from "zod";

/**
 * The fields of the manifests that an application's key needs, as the operator's API `external-secrets.io/v1` has them:
 * https://github.com/external-secrets/external-secrets, apis/externalsecrets/v1, secretstore_yandexlockbox_types.go at
 * 0ce28419 and externalsecret_types.go at 0126c16c. Strict, as the API server is with a field that it does not know.
 */
const name = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/)
  .max(253);
const key = z
  .string()
  .regex(/^[-._a-zA-Z0-9]+$/)
  .max(253);
const metadata = z.strictObject({
  name,
  namespace: name.optional(),
  labels: z.record(z.string(), z.string()).optional(),
});
const apiVersion = z.literal("external-secrets.io/v1");
/** A duration of Go. */
const duration = z.string().regex(/^(\d+(\.\d+)?(ns|us|ms|s|m|h))+$/);

const selector = z.strictObject({ name, key, namespace: name.optional() });

export const secretStore = z.strictObject({
  apiVersion,
  kind: z.literal("SecretStore"),
  metadata,
  spec: z.strictObject({
    provider: z.strictObject({
      yandexlockbox: z.strictObject({
        apiEndpoint: z.string().optional(),
        auth: z.strictObject({ authorizedKeySecretRef: selector }),
        fetching: z
          .strictObject({
            byID: z.strictObject({}).optional(),
            byName: z.strictObject({ folderID: z.string() }).optional(),
          })
          .optional(),
      }),
    }),
  }),
});

export const externalSecret = z.strictObject({
  apiVersion,
  kind: z.literal("ExternalSecret"),
  metadata,
  spec: z.strictObject({
    refreshInterval: duration,
    refreshPolicy: z.enum(["CreatedOnce", "Periodic", "OnChange"]).optional(),
    secretStoreRef: z.strictObject({ name, kind: z.enum(["SecretStore", "ClusterSecretStore"]) }),
    target: z.strictObject({ name, creationPolicy: z.enum(["Owner", "Orphan", "Merge", "None"]).optional() }),
    data: z
      .array(
        z.strictObject({
          secretKey: key,
          remoteRef: z.strictObject({
            key: z.string(),
            property: z.string().optional(),
            version: z.string().optional(),
          }),
        }),
      )
      .min(1),
  }),
});
