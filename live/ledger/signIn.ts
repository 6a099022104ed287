import type { Assumption } from "../ledger";

const ELSEWHERE = "needs an identity of its own, outside of the folder";

export const signInAssumptions: readonly Assumption[] = [
  {
    id: "sign-in-key",
    sentence:
      "A token is exchanged for a JWT with alg PS256, the fixed audience of the IAM token page, and at most an hour between iat and exp.",
    ground: "documented",
    source: "iam/operations/iam-token/create-for-sa",
    dependsOn: "sign-in with the key of a service account",
    settledBy: { notTried: "settled by signing in with a service account key: the run itself shows it" },
  },
  {
    id: "sign-in-token-life",
    sentence: "An IAM token lives for at most 12 hours, and a request may return the same token again.",
    ground: "documented",
    source: "iam/concepts/authorization/iam-token",
    dependsOn: "when the provider renews its token",
    settledBy: { notTried: "would take 12 hours" },
  },
  {
    id: "sign-in-federation",
    sentence: "A federation matches the subject and the audience of a job's token as exact strings.",
    ground: "documented",
    source: "iam/concepts/workload-identity",
    dependsOn: "docs/workflows.md, the set-up of each CI system",
    settledBy: { notTried: `${ELSEWHERE}; npm run doctor -- --ci shows it in a job` },
  },
  {
    id: "sign-in-metadata",
    sentence: "The metadata service of a virtual machine gives a token of its account, and 404 where it has none.",
    ground: "documented",
    source: "compute/operations/vm-connect/auth-inside-vm",
    dependsOn: "sign-in on a virtual machine",
    settledBy: { notTried: "needs a virtual machine" },
  },
];
