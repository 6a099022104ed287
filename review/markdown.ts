import type { Message } from "./messages";
import type { ApplicationReview, ResourceReview, Review } from "./review";
import { SENTENCES } from "./risks";
import { disarm } from "./shown";
import { count, countSentence, driftSentence, headline, INCOMPLETE, keySentence } from "./wording";

/** GitHub takes 65,536 characters in a comment. */
const LONGEST = 60_000;
const MOST_WORDS = 20;

/** Code spans are the one place where no markup, mention or link is read; `disarm` leaves nothing that ends one. */
const code = (text: string): string => `\`${disarm(text)}\``;

/** Begins the text, so that a program that keeps one comment per stack can find it again. */
export const markerOf = ({ project, stack }: Pick<Review, "project" | "stack">): string =>
  `<!-- access-review ${[project, stack].map((each) => each.replace(/[^\w.-]/g, "")).join("/")} -->`;

/** A comment for a pull request. */
export function markdown(review: Review, now: number): string {
  const { project, stack, commit, applications, resources, errors, warnings, drift = [], incomplete } = review;
  const head = [
    markerOf(review),
    `### Access review: ${code(project)} / ${code(stack)}${commit === undefined ? "" : ` at ${code(commit.slice(0, 12))}`}`,
    "",
    `**${headline(review)}**`,
    ...lines(errors, (each, index) => messageLine("❌", each, index)),
    ...lines(warnings, (each) => messageLine("⚠️", each, 1)),
    ...(incomplete ? [`- ⚠️ ${INCOMPLETE}`] : []),
    ...lines(drift, (each) => `⚠️ ${driftSentence(each, code)}`),
  ];
  const sections = applications.map((each) => applicationSection(each, now));
  const shown = takeWhileShort(sections, LONGEST * 0.7);
  const missing = sections.length - shown.length;
  const rest =
    missing > 0
      ? [
          "",
          `_${count(missing, "more application")} ${missing === 1 ? "changes" : "change"}: \`npm run review\` with \`--format text\` shows all._`,
        ]
      : [];
  const top = [...head, ...shown.map((section) => `\n${section}`), ...rest].join("\n");
  return resources.length === 0 ? `${top}\n` : `${top}\n\n${resourceTable(review, LONGEST - top.length)}\n`;
}

function messageLine(sign: string, { resource, message, details }: Message, index: number): string {
  const first = `${sign} ${resource === undefined ? "" : `${code(resource)}: `}${codeLong(message)}`;
  // Only the first one may be long: a comment has to hold all of them.
  return [first, ...(index === 0 ? details.map((each) => `  - ${codeLong(each)}`) : [])].join("\n");
}

function applicationSection(
  { name, change, capabilities, alsoOpens, roles, scopes, keys, risks }: ApplicationReview,
  now: number,
): string {
  const fate = { create: " (new)", delete: " (deleted)", leave: " (left)", update: "", replace: "", none: "" }[change];
  return [
    name === undefined ? "#### Outside of any application" : `#### ${code(name)}${fate}`,
    "",
    ...words("🟢 **gains**", capabilities.gained),
    ...words("🔴 **loses**", capabilities.lost),
    ...words("⚪ keeps", capabilities.kept),
    ...words("🟢 the same roles and scopes **also open**", alsoOpens.gained),
    ...words("🔴 no longer open, too:", alsoOpens.lost),
    ...lines(risks, ({ kind, subject }) => `⚠️ **${kind}**: ${code(subject)} ${SENTENCES[kind]}`),
    ...changes("roles", roles),
    ...changes("scopes", scopes),
    ...lines(keys, (key) => keySentence(key, now, code)),
  ].join("\n");
}

const lines = <T>(all: readonly T[], line: (each: T, index: number) => string): string[] => [
  ...all.slice(0, MOST_WORDS).map((each, index) => `- ${line(each, index)}`),
  ...(all.length > MOST_WORDS ? [`- ${all.length - MOST_WORDS} more like these`] : []),
];

const words = (label: string, all: readonly string[]): string[] =>
  all.length === 0 ? [] : [`- ${label} ${list(all)}`];

const changes = (label: string, { gained, lost }: ApplicationReview["roles"]): string[] => {
  const parts = [...(gained.length ? [`+ ${list(gained)}`] : []), ...(lost.length ? [`− ${list(lost)}`] : [])];
  return parts.length === 0 ? [] : [`- ${label}: ${parts.join(", ")}`];
};

const list = (all: readonly string[]): string =>
  [...all.slice(0, MOST_WORDS).map(code), ...(all.length > MOST_WORDS ? [`${all.length - MOST_WORDS} more`] : [])].join(
    ", ",
  );

const codeLong = (text: string): string => `\`${disarm(text, 600)}\``;

function resourceTable({ resources, counts }: Review, longest: number): string {
  const rows = resources.map(tableRow);
  const shown = takeWhileShort(rows, longest - 400);
  const missing = rows.length - shown.length;
  return [
    `<details><summary>Resources: ${countSentence(counts)}</summary>`,
    "",
    "| | resource | properties |",
    "|---|---|---|",
    ...shown,
    ...(missing > 0 ? [`| | ${missing} more | |`] : []),
    "",
    "</details>",
  ].join("\n");
}

const SIGNS = {
  create: "🟢 create",
  update: "🟡 update",
  replace: "🔴 replace",
  delete: "🔴 delete",
  leave: "⚠️ leave",
};

function tableRow({ change, type, name, changed }: ResourceReview): string {
  const properties = changed.map(
    ({ property, forcesReplacement }) => code(property) + (forcesReplacement ? " ⚠️ replaces" : ""),
  );
  return `| ${SIGNS[change]} | ${code(type)} ${code(name)} | ${properties.slice(0, MOST_WORDS).join(", ")} |`;
}

function takeWhileShort(texts: readonly string[], longest: number): string[] {
  let length = 0;
  return texts.filter((text) => (length += text.length + 2) <= longest);
}
