import type { Emulator } from "../../emulator/emulator";

const DAY_MS = 24 * 60 * 60 * 1000;
const ANCHOR = "2027-01-01T00:00:00Z";

export const rotation = { everyDays: 60, overlapDays: 30, anchor: "2027-01-01" };

/** A moment, by the days since the first key became current. */
export const dayAfter = (days: number): string => new Date(Date.parse(ANCHOR) + days * DAY_MS).toISOString();

export const liveKeys = (cloud: Emulator) =>
  cloud.snapshot().apiKeys.filter(({ expiresAt }) => !expiresAt || Number(new Date(expiresAt)) > cloud.clock.now());
