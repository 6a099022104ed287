/** Everything that is pinned, in one place. The go.mod files of the folders beside have the versions of the Go modules. */
export const pinned = { node: "24.21.0", pulumi: "3.274.1" };

/**
 * The official release of the Pulumi CLI that may be downloaded, and the SHA-256 of its archives: those of Pulumi's own
 * Homebrew formula (github.com/pulumi/homebrew-tap, Formula/pulumi.rb, commit 51fb494f of 2026-08-20). Nothing is
 * downloaded for a platform without a hash here.
 */
export const released = {
  pulumi: "3.259.0",
  sha256: {
    "linux-x64": "94ba357acac23d01474084c4b00098dc0f7bc70ce13f34c777459254a5f718e5",
    "linux-arm64": "edc8327463a72160bb36cf82cf5062da9c8a244290a706d9980988e7bf486853",
    "darwin-x64": "eaca4c3b8277bfa3ab061fa3b270d1c66358a0b2e613da8c5587a04b7226c534",
    "darwin-arm64": "57c27f179e527e2cf9f62b841a448af72a020e44b2fb4ee0d9bd85556c00c864",
  },
};

/**
 * The oldest that will do when the machine already has one. On Windows a CLI before September 2026 reads the address of a
 * folder, `file:///C:/…`, as `C:\C:\…` (pulumi/pulumi#24627), so it would not find the state of the local stack.
 */
export const oldest = { node: "22.21.0", pulumi: process.platform === "win32" ? pinned.pulumi : "3.256.0" };

/** True if dotted version `version` (a leading v is fine) is at least `wanted`. False for anything unreadable. */
export function atLeast(version, wanted) {
  const [have, need] = [version, wanted].map((each) => /^v?(\d+)\.(\d+)\.(\d+)/.exec(each)?.slice(1).map(Number));
  if (!have || !need) return false;
  const differs = have.findIndex((part, index) => part !== need[index]);
  return differs === -1 || have[differs] > need[differs];
}
