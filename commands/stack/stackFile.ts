import { parse } from "yaml";

/** Stands for an encrypted value: it is there, and only the engine can read it. */
const ENCRYPTED = "encrypted";

/** The provider's settings in the text of a stack's file, by name without `yandex:`. Empty if the text is not YAML. */
export function providerConfig(text: string): Record<string, string> {
  const entries = Object.entries(configOf(text)).flatMap(([key, value]) => {
    const name = /^yandex:(.+)$/.exec(key)?.[1];
    return name === undefined ? [] : [[name, typeof value === "object" ? ENCRYPTED : String(value ?? "")]];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

/** The applications in the text of a stack's file, in its order. */
export function applicationsOf(text: string): string[] {
  const apps = Object.entries(configOf(text)).find(([key]) => key.endsWith(":apps"))?.[1] as unknown;
  return typeof apps === "object" && apps !== null ? Object.keys(apps) : [];
}

function configOf(text: string): object {
  try {
    const { config } = (parse(text) ?? {}) as { config?: unknown };
    return typeof config === "object" && config !== null ? config : {};
  } catch {
    // The engine says what is wrong with the file, and where.
    return {};
  }
}
