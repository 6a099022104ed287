import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";
import type { DeliveryArgs } from "./arguments";

/** Where the key of an application goes, as an API key takes it. */
export interface Delivery {
  secretId: pulumi.Output<string>;
  entryForSecretKey: string;
}

type ResourceClass = new (
  name: string,
  args: Record<string, unknown>,
  options: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

const READ = "lockbox.payloadViewer";

/** Declares the secret, unless it exists, and the right of its readers; undefined without a delivery. */
export function deliveryOf(
  application: string,
  deliverTo: DeliveryArgs | undefined,
  folderId: pulumi.Output<string>,
  parent: pulumi.Resource,
): Delivery | undefined {
  if (!deliverTo) return undefined;
  // Looked up by name, because an older SDK has no such classes and must compile all the same.
  const { LockboxSecret, LockboxSecretIamMember } = yandex as unknown as Record<string, ResourceClass | undefined>;
  if (!LockboxSecret || !LockboxSecretIamMember) {
    throw new pulumi.RunError(`AiStudioAccess "${application}": this provider has no Lockbox; leave deliverTo out.`);
  }
  const { secretId: given, name, entry, readers = [], deletionProtection } = deliverTo.lockbox;
  const description = `The key by which ${application} calls Yandex AI Studio.`;
  const secretId = pulumi.output(
    given ?? new LockboxSecret(application, { name, description, folderId, deletionProtection }, { parent }).id,
  );
  readers.forEach((member, index) => {
    const reader = typeof member === "string" ? member.replace(/^\w+:/, "") : String(index);
    new LockboxSecretIamMember(`${application}-reader-${reader}`, { secretId, role: READ, member }, { parent });
  });
  return { secretId, entryForSecretKey: entry };
}
