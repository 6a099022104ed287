import type { Assumption } from "../ledger";

export const accountAssumptions: readonly Assumption[] = [
  {
    id: "account-name-frees",
    sentence: "The name of a deleted service account can be used again at once.",
    ground: "assumed",
    source: "no document says it; the vendor's test suites use random names",
    dependsOn: "`pulumi destroy` followed by `pulumi up` with a fixed name",
    switch: "nameFreesAtOnce",
    settledBy: "names",
  },
  {
    id: "account-name-unique",
    sentence: "A second account of the same name in a folder is refused with status 409 and code 6.",
    ground: "inferred",
    source: "error code table of the vendor; issue reports quote “already exists”",
    dependsOn: "the provider says whose account it is, and how to import it",
    settledBy: "names",
  },
  {
    id: "account-labels",
    sentence: "A service account keeps its labels, and its description as it was given.",
    ground: "defined",
    source: "iam/v1/service_account.proto",
    dependsOn: "the description has the ownership mark; this command finds its own things by a label",
    settledBy: "names",
  },
  {
    id: "account-listed-whole",
    sentence: "A list of accounts shows each as a read of that account does, with labels and description.",
    ground: "documented",
    source: "iam/api-ref/ServiceAccount/list and get",
    dependsOn:
      "a refresh of several accounts reads them from a list; a mark found in a list decides whose an account is",
    settledBy: "names",
  },
  {
    id: "account-empty-mask",
    sentence: "An update without an update mask would reset fields that the request leaves out.",
    ground: "documented",
    source: "iam/v1/service_account_service.proto, comment of update_mask",
    dependsOn: "the provider always sends a mask, so that nothing else changes",
    settledBy: { notTried: "the provider does not depend on it" },
  },
  {
    id: "account-quotas",
    sentence: "A cloud has at most 100 accounts, 1000 API keys, 1000 authorized keys, and a resource 1000 bindings.",
    ground: "documented",
    source: "iam/concepts/limits",
    dependsOn: "the local cloud refuses what is above",
    switch: "quotas",
    settledBy: { notTried: "would fill the quota of the cloud" },
  },
];
