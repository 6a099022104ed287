import { backoff } from "../backoff";
import type { Schedule } from "../backoff";
import { reasonOf } from "../world";
import type { World } from "../world";
import type { IamToken } from "./tokens";

interface Federation {
  serviceAccountId: string;
  token: { text: string } | { file: string };
  endpoint: string;
}

const TIMEOUT_MS = 20_000;
const REPEATS = 3;
const RETRY_SCHEDULE: Schedule = { first: 100, longest: 5000 };
/** What the endpoint says of itself is short; anything longer is not it. */
const MOST_WORDS = 300;

/**
 * Exchanges the token that another system gave this job for an IAM token of a service account (RFC 8693). A file is
 * read at each exchange: such tokens live minutes, and the program that writes the file renews it.
 */
export async function exchangeWorkloadIdentity(
  { serviceAccountId, token, endpoint }: Federation,
  world: World,
): Promise<IamToken> {
  const subjectToken = "text" in token ? token.text : await readToken(token.file, world);
  const form = new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
    audience: serviceAccountId,
    subject_token: subjectToken,
    subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
  });
  const asked = world.now();
  const response = await post(endpoint, form, world);
  const { answer } = response;
  if (response.ok && typeof answer.access_token === "string") {
    return { value: answer.access_token, expiresAt: expiry(asked, answer.expires_in) };
  }
  const said = [answer.error, answer.error_description].filter((word) => typeof word === "string").join(": ");
  throw new Error(
    `${endpoint} gave no IAM token for service account ${serviceAccountId} (HTTP ${response.status}${said && `, ${said.slice(0, MOST_WORDS)}`}); check that the account has a federated credential for the subject of the job's token`,
  );
}

interface Exchanged {
  ok: boolean;
  status: number;
  answer: Record<string, unknown>;
}

/** An exchange does no harm twice, and the network between a job and the endpoint is not always there. */
async function post(endpoint: string, body: URLSearchParams, world: World): Promise<Exchanged> {
  for (let attempt = 0; ; attempt++) {
    const last = attempt === REPEATS;
    using limit = world.timeLimit(TIMEOUT_MS);
    try {
      const response = await world.fetch(endpoint, { method: "POST", body, signal: limit.signal });
      const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>;
      if (last || response.status < 500) return { ok: response.ok, status: response.status, answer };
    } catch (error) {
      if (last) throw new Error(`${endpoint} cannot be reached (${causeOf(error)})`);
    }
    await world.sleep(backoff(RETRY_SCHEDULE, attempt, world.random()));
  }
}

/** Node's fetch has the code of what went wrong in the error behind its own. */
const causeOf = (error: unknown): string => {
  const { cause, name } = error as Error;
  return name === "TimeoutError" ? "no answer in time" : reasonOf(cause ?? error);
};

export const expiry = (asked: number, seconds: unknown): number | undefined => {
  const life = Number(seconds);
  return Number.isFinite(life) && life > 0 ? asked + life * 1000 : undefined;
};

async function readToken(file: string, { readFile }: World): Promise<string> {
  const read = await readFile(file).catch((error: unknown) => {
    throw new Error(`the file that workloadIdentityTokenFile names cannot be read (${reasonOf(error)})`);
  });
  const text = read.trim();
  if (!text) throw new Error("the file that workloadIdentityTokenFile names is empty");
  return text;
}
