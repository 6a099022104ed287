import * as pulumi from "@pulumi/pulumi";

/** Of Pulumi's own, and of no declared type: whether a value is known in a preview, and which resources it comes from. */
interface Internals<T> {
  promise(): Promise<T>;
  isKnown: Promise<boolean>;
  allResources?(): Promise<Set<pulumi.Resource>>;
}

const internalsOf = <T>(value: pulumi.Input<T>) => pulumi.output(value) as unknown as Internals<T>;

/** The value, or undefined where a preview cannot know it yet. */
export async function knownValue<T>(value: pulumi.Input<T>): Promise<T | undefined> {
  const { isKnown } = internalsOf(value);
  return (await isKnown) ? internalsOf(value).promise() : undefined;
}

/**
 * The same value, unknown for as long as a resource that it comes from does not exist. A name is known before the account
 * that it names.
 */
export function onceDeployed<T>(value: pulumi.Input<T>): pulumi.Output<pulumi.Unwrap<T>> {
  const resources = internalsOf(value).allResources?.() ?? Promise.resolve(new Set<pulumi.Resource>());
  const ids = resources.then((all) => pulumi.all([...all].filter(isCustom).map(({ id }) => id)));
  return pulumi.all([pulumi.output(value), ids]).apply(([known]) => known) as pulumi.Output<pulumi.Unwrap<T>>;
}

const isCustom = (resource: pulumi.Resource): resource is pulumi.CustomResource =>
  pulumi.CustomResource.isInstance(resource);
