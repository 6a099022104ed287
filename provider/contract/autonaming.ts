/** How the project wants resources named that the program does not name. */
export interface Naming {
  name: string;
  mode: "propose" | "enforce" | "disable";
}

/** What the cloud accepts as the name of a service account; it says 1-63 characters, and lists only names from 3 on. */
export const ACCOUNT_NAME = {
  expression: /[a-z][-a-z0-9]{1,61}[a-z0-9]/,
  means: "have 3 to 63 lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen",
};

const SUFFIX = 7;
const LONGEST = 63;

/**
 * A name for an object that the program does not name: that of the resource made legal, and an end that keeps it apart
 * from all others. `seed` is the engine's, hexadecimal. Undefined if the project forbids names that are not given.
 */
export function proposeName(urn: string, seed: string, naming: Naming | undefined): string | undefined {
  if (naming?.mode === "disable") return undefined;
  if (naming?.mode === "enforce") return naming.name;
  if (naming) return legal(naming.name, LONGEST);
  const suffix = seed.slice(0, SUFFIX).padEnd(SUFFIX, "0");
  return `${legal(urn.split("::").at(-1) ?? "", LONGEST - SUFFIX - 1)}-${suffix}`;
}

function legal(name: string, longest: number): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, longest)
    .replace(/^[^a-z]+|-+$/g, "");
  return plain.length >= 2 ? plain : `sa${plain && `-${plain}`}`;
}
