/**
 * control: what a test or a person does around the API, never through it: seeds, snapshots, the admin prefix, the page.
 * It may import every folder below it, which is all of them. Start with seed.ts: what is there before the first call.
 */
import { argumentError } from "./verbs";
import type { HttpAnswer, HttpCall, HttpPart } from "../transport/httpCall";
import { parseJson } from "../calls/jsonText";

/**
 * The control surface over HTTP, for an emulator in a process of its own: `POST /_emulator/<verb>` with the verb's arguments as a
 * JSON list answers `{"result": …}`; a refusal answers 400 and `{"error": "…"}`. The prefix is one that no API of the cloud has,
 * and it is off unless asked for. JSON is demanded so that a page in a browser cannot send such a request unasked.
 */
export function openAdmin(verbs: Record<string, (...args: never[]) => unknown>): HttpPart {
  return (http) => (http.path.startsWith(prefix) ? { errors: "plain", answer: () => answer(verbs, http) } : undefined);
}

const prefix = "/_emulator/";

function answer(verbs: Record<string, (...args: never[]) => unknown>, http: HttpCall): HttpAnswer {
  const name = http.path.slice(prefix.length);
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (!verb)
    return { status: 404, json: { error: `There is no ${name}. There are: ${Object.keys(verbs).join(", ")}.` } };
  if (http.method !== "POST" || !http.headers["content-type"]?.startsWith("application/json")) {
    return { status: 400, json: { error: `${name}: send a POST with a JSON list of arguments as application/json.` } };
  }
  try {
    const args = parseJson(http.bytes.toString() || "[]");
    if (!Array.isArray(args)) throw new Error("the body must be a JSON list of arguments");
    const problem = argumentError(name, args);
    if (problem) throw new Error(problem);
    return { status: 200, json: { result: verb(...(args as never[])) ?? null } };
  } catch (thrown) {
    return { status: 400, json: { error: `${name}: ${thrown instanceof Error ? thrown.message : String(thrown)}` } };
  }
}
