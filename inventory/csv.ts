import type { Inventory } from "./inventory";
import { COLUMNS, rowsOf } from "./rows";

/** One line a key, with a head. A text that a spreadsheet would calculate begins with an apostrophe. */
export const asCsv = (inventory: Inventory): string =>
  `${[COLUMNS, ...rowsOf(inventory)].map((cells) => cells.map(field).join(",")).join("\r\n")}\r\n`;

const field = (text: string): string => `"${text.replace(/^[=+@\t\r-]/, "'$&").replaceAll('"', '""')}"`;
