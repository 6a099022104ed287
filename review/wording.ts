import type { Drift } from "./drift";
import type { KeyChange } from "./keys";
import type { Kind } from "./resources";
import type { Counts, Review } from "./review";

/** Words that every format shares; `name` puts a name into the format's own safe form. */
export type Naming = (name: string) => string;

const DAY_MS = 24 * 60 * 60 * 1000;

/** One sentence that sums the review up. */
export function headline({ isMade, applications, resources, errors, drift }: Review): string {
  if (!isMade) return "There is no review, because there is no preview. An earlier review is not about this change.";
  if (errors.length > 0) return "The preview failed. The rest shows only how far it came.";
  const risks = applications.reduce((sum, each) => sum + each.risks.length, 0);
  if (drift) return driftHeadline(drift, resources.length);
  if (resources.length === 0 && risks === 0) return "No changes.";
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
    const next = changes > 0 ? " An update would then do this:" : "";
    return `Drift: ${count(length, "thing")} changed outside of the program.${next}`;
  }
  if (changes === 0) return "No drift: everything that the stack manages is as the program says.";
  return "Nothing changed outside of the program, but the program itself changed and was not applied.";
}

const KINDS: Record<Kind, string> = {
  application: "application",
  account: "service account",
  grant: "role",
  binding: "list of roles",
  key: "key",
  credential: "key",
  secret: "secret",
  validation: "check of a key",
  other: "resource",
};

export function driftSentence({ what, kind, subject, application, properties }: Drift, name: Naming): string {
  const owner = application === undefined || application === subject ? "" : ` of ${name(application)}`;
  const which = properties.length === 0 ? "" : ` (${properties.map(name).join(", ")})`;
  return `${what} outside of the program: ${KINDS[kind]} ${name(subject)}${owner}${which}`;
}

/** For a preview that leaves out everything that stays as it is. */
export const INCOMPLETE =
  "This preview leaves out everything that stays as it is, so the lists of what an application keeps, gains and loses can be wrong: make it with pulumi preview --json --show-sames.";

export function keySentence(key: KeyChange, now: number, name: Naming): string {
  const before = key.accountBefore === undefined ? "" : ` (before: ${name(key.accountBefore)})`;
  const holder = key.account === undefined ? "" : ` of account ${name(key.account)}`;
  const subject = `key ${name(key.name)}${holder}${before}`;
  const end = `${expiry(key.expiresAt, now)}${goesTo(key, name)}`;
  const moved = key.expiredAt === key.expiresAt ? "" : ` (before: ${day(key.expiredAt)})`;
  switch (key.what) {
    case "created":
      return `${subject} is created, ${end}`;
    case "replaced":
      return `${subject} is replaced by a new one, which ${end}${moved}`;
    case "retires":
      return `${subject} retires: it ${end}${moved}`;
    case "changed":
      return `${subject} is changed, ${end}${moved}`;
    case "kept":
      return `${subject} stays, ${end}`;
    case "deleted":
      return `${subject} is deleted while it still works`;
    case "removed":
      return `${subject} is removed; it expired on ${day(key.expiredAt)}`;
    case "left":
      return `${subject} leaves the program and works on, ${end}`;
  }
}

/** Nothing of a key that was and stays in the state alone. */
function goesTo({ delivery, deliveryBefore }: KeyChange, name: Naming): string {
  if (delivery === undefined && deliveryBefore === undefined) return "";
  const before = deliveryBefore === undefined ? "" : ` (before: ${name(deliveryBefore)})`;
  return `, goes to ${name(delivery ?? "the state")}${before}`;
}

const day = (moment: string | null | undefined): string =>
  moment === undefined ? "not known" : (moment?.slice(0, 10) ?? "never");

function expiry(moment: string | null | undefined, now: number): string {
  if (moment === undefined) return "expires at a time that is not known yet";
  if (moment === null) return "never expires";
  const days = Math.round((Date.parse(moment) - now) / DAY_MS);
  return `expires ${moment.slice(0, 10)} (${days < 0 ? "past" : `in ${count(days, "day")}`})`;
}

export function countSentence({ create, update, replace, delete: deleted, leave, same }: Counts): string {
  const parts = [
    [create, "to create"],
    [update, "to update"],
    [replace, "to replace"],
    [deleted, "to delete"],
    [leave, "to leave in the cloud"],
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
