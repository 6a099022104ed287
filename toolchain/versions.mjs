/** What is pinned here, in one place. The Go modules' own versions stand in the go.mod files of the folders beside. */
export const pinned = { node: "24.21.0", pulumi: "3.274.1" };

/** The oldest that will do when the machine already has one. */
export const oldest = { node: "22.15.0", pulumi: "3.256.0" };

/** True if dotted version `version` (a leading v is fine) is at least `wanted`. False for anything unreadable. */
export function atLeast(version, wanted) {
  const [have, need] = [version, wanted].map((each) => /^v?(\d+)\.(\d+)\.(\d+)/.exec(each)?.slice(1).map(Number));
  if (!have || !need) return false;
  const differs = have.findIndex((part, index) => part !== need[index]);
  return differs === -1 || have[differs] > need[differs];
}
