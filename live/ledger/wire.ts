import type { Assumption } from "../ledger";

/** Operations, errors, lists: the form of every call. */
export const wireAssumptions: readonly Assumption[] = [
  {
    id: "wire-operation-done",
    sentence: "The operation that creates a service account is done in the first answer.",
    ground: "documented",
    source: "api-design-guide, sample operation “Create folder”: done 0.3 ms after its creation",
    dependsOn: "how long an update waits; the provider polls in both cases",
    switch: "operations",
    settledBy: "operations",
  },
  {
    id: "wire-operation-metadata",
    sentence: "The operation that creates a service account names the account in its metadata before it is done.",
    ground: "defined",
    source: "iam/v1/service_account_service.proto, CreateServiceAccountMetadata",
    dependsOn: "an account whose creation was cut short is found again by its ID",
    settledBy: "operations",
  },
  {
    id: "wire-error-body",
    sentence: "A refusal over REST is JSON with a numeric gRPC code and a message.",
    ground: "documented",
    source: "api-design-guide/concepts/errors",
    dependsOn: "the sentences that users see for a refusal",
    settledBy: "errors",
  },
  {
    id: "wire-unauthenticated",
    sentence: "A token that is not valid is refused with status 401 and code 16.",
    ground: "documented",
    source: "api-design-guide/concepts/errors",
    dependsOn: "the provider gets a new token and tells a bad sign-in from a missing right",
    settledBy: "errors",
  },
  {
    id: "wire-not-found",
    sentence:
      "An account or a key that does not exist is refused with status 404 and code 5, also when another person's ID is guessed.",
    ground: "client",
    source: "the official Terraform provider drops a resource from its state at code 5 only",
    dependsOn: "a refresh drops a resource from the state at code 5 only; a 403 would keep it for ever",
    settledBy: "errors",
  },
  {
    id: "wire-invalid",
    sentence: "A scope that does not exist is refused with status 400 and code 3, and the message names the scope.",
    ground: "assumed",
    source: "no text was found in documents, issues or recorded traffic",
    dependsOn: "the provider's sentence for a scope that its own list does not know",
    settledBy: "errors",
  },
  {
    id: "wire-pages",
    sentence: "A list with pageSize 1 returns one item, and a nextPageToken that leads to the rest.",
    ground: "defined",
    source: "iam/v1/service_account_service.proto, ListServiceAccountsResponse",
    dependsOn: "adoption, drift and inventory read all pages",
    settledBy: "errors",
  },
  {
    id: "wire-latency",
    sentence: "How long a call takes is not assumed: the local cloud answers at once.",
    ground: "assumed",
    source: "a matter of the network",
    dependsOn: "the measured times of docs/performance.md, which take 50 ms per call",
    switch: "latencyMs",
    settledBy: { notTried: "each exchange of the report has its time" },
  },
];
