import * as pulumi from "@pulumi/pulumi";

/**
 * Address of the OpenAI-compatible API of the provider that a component is given, where its key has been validated. Of an
 * explicit provider it is the argument `aiEndpoint`, of the default one the setting `yandex:aiEndpoint`; without them
 * YC_AI_ENDPOINT.
 */
export function baseUrlOf(component: pulumi.Resource): pulumi.Output<string> {
  // A bridged provider has no such argument.
  const explicit = component.getProvider("yandex:index:Provider") as { aiEndpoint?: pulumi.Output<string> } | undefined;
  const given = explicit ? explicit.aiEndpoint : new pulumi.Config("yandex").get("aiEndpoint");
  return pulumi.output(given).apply((endpoint) => {
    // eslint-disable-next-line no-restricted-syntax -- the variable is the plug-in's, which nothing can ask for it
    const address = endpoint || process.env["YC_AI_ENDPOINT"] || "https://ai.api.cloud.yandex.net";
    return `${address.replace(/\/+$/, "")}/v1`;
  });
}
