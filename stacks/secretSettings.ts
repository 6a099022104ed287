import * as pulumi from "@pulumi/pulumi";
import type { Mistake } from "../components/argumentErrors";
import type { Row, Rows } from "../components/arguments";
import { isWithin, type SettingsFile } from "./settingsFile";

type Path = readonly (string | number)[];

/**
 * The mistakes without any that quotes a secret, and one for each secret that would not stay secret: names of resources and
 * plain lists show capabilities, roles and dates.
 */
export function hidingSecrets(mistakes: readonly Mistake[], secrets: SettingsFile["secrets"], rows: Rows): Mistake[] {
  if (!secrets) return [{ path: ["apps"], reason: UNKNOWN_PLACE }];
  const open = mistakes.filter(({ path }) => !secrets.some((secret) => isWithin(path, secret)));
  const refused = secrets.filter((path) => !canBeSecret(path, rows));
  const wrong = secrets.filter(
    (secret) => !refused.includes(secret) && mistakes.some(({ path }) => isWithin(path, secret)),
  );
  return [
    ...open,
    ...refused.map((path) => ({ path: [...path], reason: CANNOT_BE_SECRET })),
    ...wrong.map((path) => ({ path: [...path], reason: "has a wrong value, which is not shown because it is secret" })),
  ];
}

const UNKNOWN_PLACE =
  "holds a secret that the file of the stack does not name, so it cannot be kept secret; take it out of the applications";

const CANNOT_BE_SECRET = "cannot be secret, because the state and the previews show it; write it without `secure`";

/** Only what may be an output to the component stays secret on its way: texts and labels. */
function canBeSecret([, , ...path]: Path, rows: Rows): boolean {
  const [name, ...rest] = path;
  const row: Row | undefined = typeof name === "string" && Object.hasOwn(rows, name) ? rows[name] : undefined;
  if (row?.kind === "map") return canBeSecret(["", "", ...rest], row.rows ?? {});
  if (row?.kind === "labels") return rest.length <= 1;
  return (row?.kind === "text" || row?.kind === "moment") && rest.length === 0;
}

/** The settings with the engine's mark on what is encrypted in the file. */
export function markSecrets(value: unknown, secrets: readonly Path[] = []): unknown {
  if (secrets.some((path) => path.length === 0)) return pulumi.secret(value);
  if (secrets.length === 0 || typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      const below = secrets.filter(([first]) => first === key).map((path) => path.slice(1));
      return [key, markSecrets(each, below)];
    }),
  );
}
