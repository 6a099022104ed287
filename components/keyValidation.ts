import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";

export interface KeyValidationArgs {
  secretKey: pulumi.Input<string>;
  folderId: pulumi.Input<string>;
  serviceAccountId: pulumi.Input<string>;
  capabilities: string[];
}

type KeyValidation = pulumi.CustomResource & { secretKey: pulumi.Output<string> };
type KeyValidationClass = new (
  name: string,
  args: KeyValidationArgs,
  options: pulumi.CustomResourceOptions,
) => KeyValidation;

/** Waits until a key works, and gives it out again. */
export function keyValidation(
  name: string,
  args: KeyValidationArgs,
  options: pulumi.CustomResourceOptions,
): KeyValidation {
  // Looked up by name, because the SDK of a bridged provider has no such class and must compile all the same.
  const { AiStudioKeyValidation } = yandex as unknown as { AiStudioKeyValidation?: KeyValidationClass };
  if (AiStudioKeyValidation) return new AiStudioKeyValidation(name, args, options);
  throw new pulumi.RunError(
    `AiStudioAccess "${name}": this provider cannot wait until a key works; set waitUntilReady to false.`,
  );
}
