import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { stop } from "./report.mjs";

/** Where what every clone of this user can share is kept. */
function cacheFolder() {
  const base = process.env.XDG_CACHE_HOME || process.env.LOCALAPPDATA || join(homedir(), ".cache");
  return join(base, "yandex-ai-access");
}

/** The folder `name` of the cache, or undefined if it is not there. */
export function findCached(name) {
  const target = join(cacheFolder(), name);
  return existsSync(target) ? target : undefined;
}

/**
 * The folder `name` of the cache, filled by `fill(folder)` if it is not there yet; undefined where that answers false. It
 * appears under its name only when complete, so an interrupted run leaves nothing half done; of two runs at once the later
 * one uses what the first made.
 */
export async function cached(name, fill) {
  const target = join(cacheFolder(), name);
  if (existsSync(target)) return target;
  const draft = newDraft(name);
  try {
    if ((await fill(draft)) === false) return undefined;
    moveInto(draft, target);
    return target;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function newDraft(name) {
  const folder = cacheFolder();
  try {
    mkdirSync(folder, { recursive: true });
    removeOldDrafts(folder);
    return mkdtempSync(join(folder, `.draft-${name}-`));
  } catch (error) {
    const reason = error.code === "ENOSPC" ? "the disk is full" : error.message;
    throw stop(`The cache folder ${folder} cannot be written (${reason}): set XDG_CACHE_HOME to one that can.`, error);
  }
}

function moveInto(draft, target) {
  try {
    renameSync(draft, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  }
}

/** A killed run cannot remove its draft. After a day it is certainly abandoned. */
function removeOldDrafts(folder) {
  const yesterday = Date.now() - 24 * 60 * 60 * 1000;
  for (const name of readdirSync(folder).filter((each) => each.startsWith(".draft-"))) {
    const draft = join(folder, name);
    if (statSync(draft, { throwIfNoEntry: false })?.mtimeMs < yesterday)
      rmSync(draft, { recursive: true, force: true });
  }
}
