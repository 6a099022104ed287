import { ClientError, Metadata } from "nice-grpc";
import type { CallOptions, ClientMiddleware } from "nice-grpc";
import { CloudError, codeOf } from "./errors";
import { abortable, cancelled, withGrace } from "./cancellation";
import type { Credentials } from "../signIn";
import { backoff } from "../backoff";
import { proxyFor } from "../settings/proxy";
import type { World } from "../world";
import { idempotencyOf, isRetryable, RETRY_SCHEDULE } from "./retries";

/** Any single attempt here is a look-up or a short write; where there is no answer after so long, there will be none. */
const DEADLINE_MS = 20_000;
/** No new attempt begins when so long has passed since the first. */
const PATIENCE_MS = 60_000;

export interface Calling {
  world: World;
  maxRetries: number;
  /** Whom the calls go to, for messages. */
  address: string;
  /** Absent for the calls that come before signing in. */
  deployer?: Credentials;
}

/** See `CallOptions` of the cloud. */
export interface Optional {
  optional?: boolean;
}

/**
 * What every call gets: a token, a deadline, names by which it is found again, repeats where they do no harm, and one
 * form of error.
 */
export function callMiddleware({ world, maxRetries, address, deployer }: Calling): ClientMiddleware<Optional> {
  return async function* call(call, options) {
    if (call.requestStream || call.responseStream) throw new Error(`${call.method.path} is not a plain call`);
    const { request, next } = call;
    const method = call.method.path.replace(/^.*\.([^.]+\/)/, "$1");
    const metadata = Metadata(options.metadata);
    const isWrite = idempotencyOf(method) !== "read";
    // The same for all attempts: by it the cloud knows that a repeat is one.
    if (isWrite) metadata.set("idempotency-key", world.randomId());
    using grace = isWrite && options.signal ? withGrace(options.signal, world) : undefined;
    const signal = grace?.signal ?? options.signal;
    const until = world.now() + PATIENCE_MS;
    let renewed = false;

    for (let attempt = 0; ;) {
      const token = deployer && (await abortable(deployer.get(), options.signal, method));
      if (token) metadata.set("authorization", `Bearer ${token}`);
      const error = { method, address, proxy: proxyFor(address, world.env), requestId: world.randomId() };
      metadata.set("x-client-request-id", error.requestId);
      const answer = await attemptOnce((attemptOptions) => next(request, attemptOptions).next(), {
        options: { ...options, metadata, signal },
        error,
        world,
      });
      if (!(answer instanceof CloudError)) return answer.value as never;

      if (answer.code === "UNAUTHENTICATED" && token) {
        if (renewed || !deployer?.refused(token)) {
          throw new CloudError({ ...answer, sentence: deployer?.explainRefusal(answer.rawMessage) });
        }
        // The cloud looks at the token before anything else, so once more is harmless for every call.
        renewed = true;
        continue;
      }
      const most = options.optional ? Math.min(answer.sent ? 1 : 0, maxRetries) : maxRetries;
      if (options.signal?.aborted || attempt >= most || world.now() > until || !isRetryable(answer)) throw answer;
      await world.sleep(backoff(RETRY_SCHEDULE, attempt++, world.random()), options.signal).catch(() => {
        throw answer;
      });
    }
  };
}

interface Attempt {
  options: CallOptions;
  error: { method: string; address: string; proxy: string | undefined; requestId: string };
  world: World;
}

/** The answer, or how the cloud refused it. Anything else that is thrown is a mistake of ours and goes its way. */
async function attemptOnce<Answer>(
  run: (options: CallOptions) => Promise<Answer>,
  { options, error, world }: Attempt,
): Promise<Answer | CloudError> {
  const { signal: interrupt, onHeader, onTrailer } = options;
  using deadline = world.timeLimit(DEADLINE_MS);
  let requestId: string | undefined;
  let answered = false;
  const look = (received: Metadata) => {
    requestId ??= received.get("x-request-id") ?? received.get("x-server-trace-id");
    answered ||= [...received].length > 0;
  };
  try {
    return await run({
      ...options,
      signal: AbortSignal.any([deadline.signal, ...(interrupt ? [interrupt] : [])]),
      onHeader: (header) => (look(header), onHeader?.(header)),
      onTrailer: (trailer) => (look(trailer), onTrailer?.(trailer)),
    });
  } catch (thrown) {
    const refusal = { ...error, requestId: requestId ?? error.requestId };
    if (thrown instanceof ClientError) return refused(thrown, refusal, answered);
    if (interrupt?.aborted) return cancelled(interrupt, { ...refusal, sent: true });
    if (!deadline.signal.aborted) throw thrown;
    const rawMessage = `${error.address} gave no answer within ${DEADLINE_MS / 1000} seconds`;
    return new CloudError({ ...refusal, code: "DEADLINE_EXCEEDED", rawMessage });
  }
}

function refused({ code, details }: ClientError, error: Attempt["error"], answered: boolean): CloudError {
  const name = codeOf(code);
  const unreached = name === "UNAVAILABLE" && !answered ? unreachable(details) : undefined;
  if (unreached === undefined) return new CloudError({ ...error, code: name, rawMessage: details });
  const rawMessage = `${error.address} cannot be reached${error.proxy ? ` through the proxy ${error.proxy}` : ""}: ${unreached}`;
  const advice = error.proxy ? "check HTTPS_PROXY and NO_PROXY" : adviceOn(unreached);
  return new CloudError({
    code: name,
    method: error.method,
    rawMessage,
    sentence: `${rawMessage}; ${advice}`,
    sent: false,
  });
}

/**
 * Why no connection came about, if that is what the text says. The library tells it in words only; no server sends
 * them, as there was none.
 */
function unreachable(details: string): string | undefined {
  const connection = /^No connection established\. Last error: (.*?)\. Resolution note: /s.exec(details);
  if (connection) return withoutNoise(connection[1]!);
  return details.startsWith("Name resolution failed") ? "its name is unknown" : undefined;
}

/** `SSL routines:…:wrong version number:…` is named by its third part. */
const withoutNoise = (words: string): string => {
  const plain = words.replace(/^Error: /, "").replace(/\s*\(\d{4}-[^)]*\)$/, "");
  return /error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/.exec(plain)?.[1] ?? plain;
};

const adviceOn = (reason: string): string =>
  /certificate|altname|self.signed|issuer/i.test(reason)
    ? "give the certificate of its authority as yandex:caFile or YC_CA_FILE"
    : /wrong version number|packet length|EPROTO|ECONNRESET|secure TLS|^Failed to connect/i.test(reason)
      ? "it seems to speak without TLS, or to expect it; check yandex:plaintext and yandex:endpoint"
      : "check the network and yandex:endpoint";
