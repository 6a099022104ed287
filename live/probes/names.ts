/** The probes of `npm run live`, in the order in which they run. */
export const probeNames = [
  "errors",
  "operations",
  "names",
  "bindings",
  "conflicts",
  "keys",
  "keyScopes",
  "keyAccess",
  "capabilities",
  "secrets",
  "models",
] as const;

export type ProbeName = (typeof probeNames)[number];
