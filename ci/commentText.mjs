/** GitHub refuses a comment of more than 65,536 characters. */
const MOST = 65_000;
const MOST_OF_REASON = 2_000;
const NOTE = "\n\nThe rest is too long for a comment; see the page of the run.";

/** The text, cut between two lines where it is too long, with what the cut left open closed. */
export function fit(text, most = MOST) {
  if (text.length <= most) return text;
  const kept = [];
  let [length, open] = [0, []];
  for (const line of text.split("\n")) {
    const next = openAfter(line, open);
    length += line.length + 1;
    if (length + endOf(next).length + NOTE.length > most) break;
    kept.push(line);
    open = next;
  }
  return `${kept.join("\n")}${endOf(open)}${NOTE}`;
}

const endOf = (open) => open.map((each) => `\n${each}`).join("");

const isFence = (text) => /^[`~]/.test(text ?? "");

/** What has to be closed after a line, innermost first: the code block and the folded parts that are open. */
function openAfter(line, before) {
  const [inside] = before;
  const fence = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
  if (isFence(inside)) return fence?.startsWith(inside) ? before.slice(1) : before;
  if (fence) return [fence, ...before];
  const parts = Array.from(line.matchAll(/<(\/?)details\b/g), ([, slash]) => slash === "/");
  return parts.reduce((open, closes) => (closes ? open.slice(1) : ["</details>", ...open]), before);
}

/** Text of a program as a code block: its end, where the reason stands, and nothing in it that could end the block. */
export function fenced(text) {
  const end = Array.from(text.split("\n").slice(-15).join("\n")).slice(-MOST_OF_REASON).join("");
  const fence = "`".repeat(Math.max(3, ...Array.from(end.matchAll(/`+/g), ([run]) => run.length + 1)));
  return `${fence}text\n${end}\n${fence}`;
}

/** Names of variables that hold credentials. */
const SECRET = /TOKEN|SECRET|PASSPHRASE|PASSWORD|ACCESS_KEY/;

/** The text with the values of the job's credentials replaced. */
export const withoutSecrets = (text, env) =>
  Object.entries(env)
    .filter(([name, value]) => SECRET.test(name) && value.length >= 6)
    .reduce((all, [, value]) => all.replaceAll(value, "***"), text);
