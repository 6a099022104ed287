import { delimiter } from "node:path";
import { askToolchain } from "../support/toolchain";

/** Calls a function of the toolchain that gets a tool of a language; answers the folder, or file, that it answers. */
export const ensure = (name: string, ...args: string[]): Promise<string> =>
  askToolchain("languageHosts.mjs", name, ...args);

/** PATH with a folder first. */
export const pathWith = (...folders: string[]): string => [...folders, process.env.PATH ?? ""].join(delimiter);
