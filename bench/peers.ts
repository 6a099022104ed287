/**
 * Seconds that others take to create applications of an account, three grants in one folder and a key, at 50 ms for a call and
 * operations that end after 400 ms. Measured in November 2026, one run each, on two cores and a stand-in for the cloud.
 */
export const PEERS: { name: string; create: [applications: number, seconds: number][] }[] = [
  {
    name: "OpenTofu 1.12.6, official provider",
    create: [
      [1, 6.2],
      [20, 76],
      [100, 378],
    ],
  },
  {
    name: "Pulumi, dynamic bridge over it",
    create: [
      [1, 6.9],
      [20, 78],
      [100, 381],
    ],
  },
];
