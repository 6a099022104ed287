import { execFileSync } from "node:child_process";
import { cpus, release, totalmem, type } from "node:os";
import type { Checkpoints } from "./checkpoints";
import type { Cycle } from "./cycle";
import type { Row } from "./emulator";
import type { InventoryTime } from "./inventory";
import type { Floor, Size } from "./measure";
import type { ReviewTime } from "./review";
import type { Start } from "./starts";

/** All that has been measured; bench/results.json. */
export interface Results {
  machine: Machine;
  /** When each part was measured: a part can be measured alone. */
  days: Record<Part, string>;
  floor: Floor;
  sizes: Size[];
  checkpoints: Checkpoints[];
  slowRoles: Cycle;
  starts: Start[];
  emulator: Row[];
  review: ReviewTime[];
  inventory: InventoryTime[];
}

export type Part = Exclude<keyof Results, "machine" | "days">;

export interface Machine {
  processor: string;
  cores: number;
  memoryGiB: number;
  system: string;
  node: string;
  pulumi: string;
}

export function describeMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release().split("-")[0]}`,
    node: process.version,
    pulumi: execFileSync("pulumi", ["version"], { encoding: "utf8" }).trim(),
  };
}
