import type { Drift } from "./drift";
import type { KeyChange } from "./keys";
import type { Counts, Review } from "./review";

/** Words that every format shares; `name` puts a name into the format's own safe form. */
export type Naming = (name: string) => string;

const DAY_MS = 24 * 60 * 60 * 1000;

/** One sentence that says all there is to know at first sight. */
export function headline({ applications, resources, errors, drift }: Review): string {
  if (errors.length > 0) return "The preview failed; what follows is only how far it came.";
  if (drift) return driftHeadline(drift, resources.length);
  if (resources.length === 0) return "No changes.";
  const risks = applications.reduce((sum, each) => sum + each.risks.length, 0);
  const changed = applications.filter(({ name }) => name !== undefined).length;
  const parts = [
    ...(changed > 0 ? [`${count(changed, "application")} ${changed === 1 ? "changes" : "change"}`] : []),
    `${count(resources.length, "resource")} in all`,
    risks > 0 ? `${count(risks, "thing")} to look at` : "nothing unusual",
  ];
  return `${parts.join(", ")}.`;
}

function driftHeadline({ length }: readonly Drift[], changes: number): string {
  if (length > 0) {
    const next = changes > 0 ? " What an update would then do:" : "";
    return `Drift: ${count(length, "thing")} changed outside of the program.${next}`;
  }
  if (changes === 0) return "No drift: the cloud is as the program says.";
  return "Nothing changed outside of the program, but the program itself changed and was not applied.";
}

const KINDS = { application: "application", account: "service account", grant: "role", key: "key", other: "resource" };

export function driftSentence({ what, kind, subject, application, properties }: Drift, name: Naming): string {
  const owner = application === undefined || application === subject ? "" : ` of ${name(application)}`;
  const which = properties.length === 0 ? "" : ` (${properties.map(name).join(", ")})`;
  return `${what} outside of the program: ${KINDS[kind]} ${name(subject)}${owner}${which}`;
}

/** Said of a preview that leaves out what stays as it is. */
export const INCOMPLETE =
  "What stays as it is was left out of this preview, so what an application keeps, gains and loses may be told wrongly: make it with pulumi preview --json --show-sames.";

export function keySentence(key: KeyChange, now: number, name: Naming): string {
  const subject = `key ${name(key.name)}`;
  switch (key.what) {
    case "created":
      return `${subject} is created, ${expiry(key.expiresAt, now)}`;
    case "replaced":
      return `${subject} is replaced by a new one, which ${expiry(key.expiresAt, now)}`;
    case "retires":
      return `${subject} retires: it ${expiry(key.expiresAt, now)} (before: ${key.expiredAt?.slice(0, 10) ?? "never"})`;
    case "changed":
      return `${subject} is changed, ${expiry(key.expiresAt, now)}`;
    case "kept":
      return `${subject} stays, ${expiry(key.expiresAt, now)}`;
    case "deleted":
      return `${subject} is deleted while it still works`;
    case "removed":
      return `${subject} is removed; it expired on ${key.expiredAt?.slice(0, 10)}`;
  }
}

function expiry(moment: string | null | undefined, now: number): string {
  if (moment === undefined) return "expires at a time that is not known yet";
  if (moment === null) return "never expires";
  const days = Math.round((Date.parse(moment) - now) / DAY_MS);
  return `expires ${moment.slice(0, 10)} (${days < 0 ? "past" : `in ${count(days, "day")}`})`;
}

export function countSentence({ create, update, replace, delete: gone, same }: Counts): string {
  const parts = [
    [create, "to create"],
    [update, "to update"],
    [replace, "to replace"],
    [gone, "to delete"],
    [same, "unchanged"],
  ] as const;
  return (
    parts
      .filter(([number]) => number > 0)
      .map(([number, what]) => `${number} ${what}`)
      .join(", ") || "no resources"
  );
}

export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;
