import * as pulumi from "@pulumi/pulumi";

/**
 * Address of the OpenAI-compatible API. The plug-in takes another AI endpoint from the setting `yandex:aiEndpoint` or
 * from YC_AI_ENDPOINT; what an application is told must be where the key has been proven.
 */
export function defaultBaseUrl(): string {
  // eslint-disable-next-line no-restricted-syntax -- the variable is the plug-in's, which nothing can ask for it
  const endpoint = new pulumi.Config("yandex").get("aiEndpoint") || process.env["YC_AI_ENDPOINT"];
  return `${(endpoint || "https://ai.api.cloud.yandex.net").replace(/\/+$/, "")}/v1`;
}
