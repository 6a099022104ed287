import type { Message } from "./messages";
import type { ApplicationReview, Review } from "./review";
import { SENTENCES } from "./risks";
import { disarm } from "./shown";
import { countSentence, driftSentence, headline, INCOMPLETE, keySentence } from "./wording";

/** For a terminal or a job's log. Every line begins with fixed words, so that no name can be an order to the log. */
export function text(review: Review, now: number): string {
  const { project, stack, applications, resources, errors, warnings, counts, drift = [], incomplete } = review;
  const commit = review.commit === undefined ? "" : ` at ${disarm(review.commit.slice(0, 12))}`;
  return [
    `Access review of ${disarm(project)} / ${disarm(stack)}${commit}: ${headline(review)}`,
    ...errors.flatMap((each) => messageLines("error", each)),
    ...warnings.flatMap((each) => messageLines("warning", each)),
    ...(incomplete ? [`  note: ${INCOMPLETE}`] : []),
    ...drift.map((each) => `  ${driftSentence(each, (word) => disarm(word))}`),
    ...applications.flatMap((each) => section(each, now)),
    ...(resources.length > 0 ? ["", `Resources: ${countSentence(counts)}.`] : []),
    ...resources.map(({ change, type, name, changed }) => {
      const properties = changed.map(
        ({ property, forcesReplacement }) => property + (forcesReplacement ? " (replaces)" : ""),
      );
      return `  ${change.padEnd(7)} ${disarm(type)} ${disarm(name)}${properties.length ? `: ${properties.join(", ")}` : ""}`;
    }),
    "",
  ].join("\n");
}

const messageLines = (level: string, { resource, message, details }: Message): string[] => [
  `  ${level}: ${resource === undefined ? "" : `${disarm(resource)}: `}${disarm(message, 600)}`,
  ...details.map((each) => `    - ${disarm(each, 600)}`),
];

function section(
  { name, capabilities, alsoOpens, roles, scopes, keys, risks }: ApplicationReview,
  now: number,
): string[] {
  return [
    "",
    name === undefined ? "Outside of any application" : `Application ${disarm(name)}`,
    ...words("gains", capabilities.gained),
    ...words("loses", capabilities.lost),
    ...words("keeps", capabilities.kept),
    ...words("also opens", alsoOpens.gained),
    ...words("no longer opens, too:", alsoOpens.lost),
    ...risks.map(({ kind, subject }) => `  look:  ${kind}: ${disarm(subject)} ${SENTENCES[kind]}`),
    ...words("roles  +", roles.gained),
    ...words("roles  -", roles.lost),
    ...words("scopes +", scopes.gained),
    ...words("scopes -", scopes.lost),
    ...keys.map((key) => `  ${keySentence(key, now, (each) => disarm(each))}`),
  ];
}

const words = (label: string, all: readonly string[]): string[] =>
  all.length === 0 ? [] : [`  ${label} ${all.map((each) => disarm(each)).join("; ")}`];
