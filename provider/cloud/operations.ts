import type { Operation } from "@yandex-cloud/nodejs-sdk/operation/operation";
import { backoff } from "../backoff";
import type { Schedule } from "../backoff";
import { CloudError, codeOf, isNotFound, OperationFailed } from "./errors";
import type { Code } from "./errors";
import { reasonOf } from "./cancellation";

/** How a message of the vendor's definitions is read. */
export interface MessageType<Message> {
  decode(bytes: Uint8Array): Message;
}

/** An operation as it is now, and after how many milliseconds the server wants to be asked again, if it says so. */
export interface Poll {
  operation: Operation;
  interval?: number;
}

export interface Waiting {
  poll(operationId: string, signal: AbortSignal | undefined): Promise<Poll>;
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/**
 * Most operations here end within half a second; the first waits catch that in two or three calls, and the later ones cost
 * little where it takes minutes. They are not spread: each operation begins at its own moment.
 */
const POLL_SCHEDULE: Schedule = { first: 140, longest: 2000, factor: 1.3, spread: 0 };
/** A new operation may not have reached every replica yet. */
const NOT_FOUND_TOLERATED = 3;
/** For a caller that sets no limit of its own by a signal. */
const OPERATION_LIMIT_MS = 10 * 60 * 1000;

/**
 * Waits until an operation is done, and gives its response; undefined where it has none.
 *
 * @throws OperationFailed if the operation ended with an error: then what was asked for has not come about
 * @throws CloudError if the wait itself came to nothing: then it may still come about
 */
export async function waitForOperation<Message>(
  started: Operation | Promise<Operation>,
  type: MessageType<Message> | undefined,
  { poll, now, sleep }: Waiting,
  signal?: AbortSignal,
): Promise<Message | undefined> {
  let operation = await started;
  let interval: number | undefined;
  let notFound = 0;
  const until = signal ? Infinity : now() + OPERATION_LIMIT_MS;
  // An error may show before the end, while what was begun is being undone; only `done` is the end.
  for (let attempt = 0; !operation.done; attempt++) {
    if (now() > until) throw stillRunning(operation, "DEADLINE_EXCEEDED", "it did not end within 10 minutes");
    const pause = interval ?? backoff(POLL_SCHEDULE, attempt, 0);
    await sleep(pause, signal).catch((error: unknown) => {
      throw signal?.aborted ? stillRunning(operation, "CANCELLED", reasonOf(signal)) : error;
    });
    try {
      ({ operation, interval } = await poll(operation.id, signal));
    } catch (error) {
      if (signal?.aborted) throw stillRunning(operation, "CANCELLED", reasonOf(signal));
      // That it cannot be looked at, for example with an expired token, does not mean that it failed.
      if (!isNotFound(error)) throw stillRunning(operation, "UNKNOWN", (error as Error).message);
      // That the operation cannot be found says nothing of the thing it works on, so it must not look like that.
      if (++notFound > NOT_FOUND_TOLERATED) throw stillRunning(operation, "UNKNOWN", "the cloud does not find it");
    }
  }
  return resultOf(operation, type);
}

function resultOf<Message>(operation: Operation, type: MessageType<Message> | undefined): Message | undefined {
  const { error, response, id } = operation;
  if (error) {
    throw new OperationFailed({
      code: codeOf(error.code),
      method: nameOf(operation),
      rawMessage: error.message,
      operationId: id,
    });
  }
  if (!type || !response || response.typeUrl.endsWith("/google.protobuf.Empty")) return undefined;
  return type.decode(response.value);
}

const stillRunning = (operation: Operation, code: Code, why: string): CloudError =>
  new CloudError({
    code,
    method: nameOf(operation),
    operationId: operation.id,
    rawMessage: `the provider stopped waiting for it: ${why}; it may still go on in the cloud`,
  });

/** `CreateServiceAccount`, from the type of the metadata; the operation's own description where it has no metadata. */
const nameOf = ({ metadata, description }: Operation): string =>
  /([^./]+)Metadata$/.exec(metadata?.typeUrl ?? "")?.[1] ?? (description || "operation");
