/**
 * What the component may rely on of @pulumi/yandex: the names that a bridge over the vendor's Terraform provider
 * generates, and nothing that only our own provider has.
 */
import type * as pulumi from "@pulumi/pulumi";

export declare class IamServiceAccount extends pulumi.CustomResource {
  readonly createdAt: pulumi.Output<string>;
  readonly description: pulumi.Output<string>;
  readonly folderId: pulumi.Output<string>;
  readonly labels: pulumi.Output<{ [key: string]: string }>;
  readonly name: pulumi.Output<string>;
  readonly serviceAccountId: pulumi.Output<string>;
  constructor(
    name: string,
    args?: {
      description?: pulumi.Input<string>;
      folderId?: pulumi.Input<string>;
      labels?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
      name?: pulumi.Input<string>;
      serviceAccountId?: pulumi.Input<string>;
    },
    options?: pulumi.CustomResourceOptions,
  );
}

export declare class ResourcemanagerFolderIamMember extends pulumi.CustomResource {
  readonly folderId: pulumi.Output<string>;
  readonly member: pulumi.Output<string>;
  readonly role: pulumi.Output<string>;
  constructor(
    name: string,
    args: {
      folderId: pulumi.Input<string>;
      member: pulumi.Input<string>;
      role: pulumi.Input<string>;
      sleepAfter?: pulumi.Input<number>;
    },
    options?: pulumi.CustomResourceOptions,
  );
}

export declare class IamServiceAccountApiKey extends pulumi.CustomResource {
  readonly createdAt: pulumi.Output<string>;
  readonly description: pulumi.Output<string | undefined>;
  readonly encryptedSecretKey: pulumi.Output<string>;
  readonly expiresAt: pulumi.Output<string | undefined>;
  readonly keyFingerprint: pulumi.Output<string>;
  readonly scopes: pulumi.Output<string[]>;
  readonly secretKey: pulumi.Output<string>;
  readonly serviceAccountId: pulumi.Output<string>;
  constructor(
    name: string,
    args: {
      description?: pulumi.Input<string>;
      expiresAt?: pulumi.Input<string>;
      pgpKey?: pulumi.Input<string>;
      scopes?: pulumi.Input<pulumi.Input<string>[]>;
      serviceAccountId: pulumi.Input<string>;
    },
    options?: pulumi.CustomResourceOptions,
  );
}

/** The bridge generates each look-up twice, for values and for outputs; the component uses the first. */
export declare function getIamServiceAccount(
  args?: { folderId?: string; id?: string; name?: string; serviceAccountId?: string },
  options?: pulumi.InvokeOptions,
): Promise<{
  createdAt: string;
  description: string;
  folderId: string;
  id: string;
  name: string;
  serviceAccountId: string;
}>;
