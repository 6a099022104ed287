/**
 * inventory/: every API key that can call AI Studio, and what is wrong with it, from what the cloud answered. It asks
 * nobody and may import components, policy and review. Start with inventory.ts; findings.ts has the rules.
 */
import { asCsv } from "./csv";
import type { Severity } from "./findings";
import { asHtml } from "./html";
import type { Inventory } from "./inventory";
import { asMarkdown } from "./markdown";
import { asText } from "./text";

export { adoptionOf, importsOf } from "./adoption";
export { type Inventory, takeInventory } from "./inventory";
export type { Account, Grant, Key, Place, Survey, Unseen } from "./survey";

const formats = {
  text: asText,
  json: (inventory) => `${JSON.stringify(inventory, null, 2)}\n`,
  markdown: asMarkdown,
  csv: asCsv,
  html: asHtml,
} satisfies Record<string, (inventory: Inventory) => string>;

export type Format = keyof typeof formats;

export const formatNames = Object.keys(formats) as Format[];

export const render = (inventory: Inventory, format: Format): string => formats[format](inventory);

/** From which severity on a schedule is to be woken; what is not known wakes it always, unless nothing is to. */
export const thresholds = ["high", "medium", "low", "never"] as const;

export type Threshold = (typeof thresholds)[number];

export function reaches({ counts }: Inventory, threshold: Threshold): boolean {
  if (threshold === "never") return false;
  const worse = thresholds.slice(0, thresholds.indexOf(threshold) + 1) as Severity[];
  return [...worse, "not known" as const].some((severity) => counts[severity] > 0);
}
