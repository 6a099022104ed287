import { ServiceAccount } from "@yandex-cloud/nodejs-sdk/iam-v1/service_account";
import type { Operation } from "@yandex-cloud/nodejs-sdk/operation/operation";
import { ServerError, Status } from "nice-grpc";
import { connect } from "../../../provider/cloud";
import { isAmbiguous, isNotFound, OperationFailed } from "../../../provider/cloud/errors";
import { startSmallCloud, settingsFor, testWorld } from "../../support/smallCloud";
import type { Handler } from "../../support/smallCloud";

const ACCOUNT = ServiceAccount.fromPartial({ id: "aje00000000000000001", name: "app" });
const response = {
  typeUrl: "type.googleapis.com/yandex.cloud.iam.v1.ServiceAccount",
  value: Buffer.from(ServiceAccount.encode(ACCOUNT).finish()),
};
const EMPTY = { typeUrl: "type.googleapis.com/google.protobuf.Empty", value: Buffer.alloc(0) };

const operation = (fields: Partial<Operation> = {}): Operation => ({
  id: "op1",
  description: "Create service account",
  createdBy: "",
  done: false,
  metadata: { typeUrl: "type.googleapis.com/yandex.cloud.iam.v1.CreateServiceAccountMetadata", value: Buffer.alloc(0) },
  ...fields,
});

/** Waits on a server whose OperationService/Get answers so. */
async function wait(poll: Handler, { first = operation(), signal }: { first?: Operation; signal?: AbortSignal } = {}) {
  await using server = await startSmallCloud({ "OperationService/Get": poll });
  const world = testWorld();
  using cloud = connect(settingsFor(server.address, { maxRetries: 0 }), world);
  const result = await cloud.done(first, ServiceAccount, { signal }).catch((error: unknown) => error);
  return { result, pauses: world.pauses, polls: server.made("OperationService/Get").length };
}

describe("an operation", () => {
  it("is not polled if it is done at once", async () => {
    const { result, polls } = await wait(() => operation(), { first: operation({ done: true, response }) });

    expect(result).toEqual(ACCOUNT);
    expect(polls).toBe(0);
  });

  it("is asked after soon, then less and less often, and gives its response", async () => {
    const { result, pauses } = await wait((_request, _context, count) =>
      count < 12 ? operation() : operation({ done: true, response }),
    );

    expect(result).toEqual(ACCOUNT);
    expect(pauses).toEqual([140, 182, 237, 308, 400, 520, 676, 878, 1142, 1485, 1930, 2000]);
  });

  it("is asked after as often as the server wants", async () => {
    const { pauses } = await wait((_request, context, count) => {
      if (count === 1) context.header.set("x-operation-poll-interval", "5");
      return operation({ done: count === 3 });
    });

    expect(pauses).toEqual([140, 5000, 237]);
  });

  it("may be unknown to three replicas", async () => {
    const { result, polls } = await wait((_request, _context, count) => {
      if (count <= 3) throw new ServerError(Status.NOT_FOUND, "operation op1 not found");
      return operation({ done: true, response });
    });

    expect(result).toEqual(ACCOUNT);
    expect(polls).toBe(4);
  });

  it("leaves open what has become of it if it stays unknown, and is never taken for a missing object", async () => {
    const { result, polls } = await wait(() => {
      throw new ServerError(Status.NOT_FOUND, "operation op1 not found");
    });

    expect(polls).toBe(4);
    expect(isNotFound(result)).toBe(false);
    expect(isAmbiguous(result)).toBe(true);
    expect((result as Error).message).toMatch(
      /the provider stopped waiting for it: the cloud does not find it; .*operation op1/,
    );
  });

  it("has nothing to give where its response is empty", async () => {
    const { result } = await wait(() => operation({ done: true, response: EMPTY }));

    expect(result).toBeUndefined();
  });
});

describe("an operation that failed", () => {
  const error = { code: Status.FAILED_PRECONDITION, message: "Service account is in use", details: [] };
  const text = "Service account is in use (FAILED_PRECONDITION, CreateServiceAccount, operation op1)";

  // The official provider loses the reason here.
  it("keeps the reason of its first answer", async () => {
    const { result } = await wait(() => operation(), { first: operation({ done: true, error }) });

    expect(result).toBeInstanceOf(OperationFailed);
    expect((result as Error).message).toBe(text);
    expect(isAmbiguous(result)).toBe(false);
  });

  it("keeps the reason of a later answer too", async () => {
    const { result } = await wait(() => operation({ done: true, error }));

    expect((result as Error).message).toBe(text);
  });

  it("is waited for while it is still being undone", async () => {
    const { result, polls } = await wait((_request, _context, count) => operation({ done: count === 3, error }));

    expect(polls).toBe(3);
    expect((result as Error).message).toBe(text);
  });
});

describe("waiting", () => {
  it("ends with an interrupt, and says that the work may go on", async () => {
    const controller = new AbortController();
    const { result } = await wait(() => (controller.abort(new Error("interrupted")), operation()), {
      signal: controller.signal,
    });

    expect((result as Error).message).toMatch(/interrupted/);
    expect(isAmbiguous(result)).toBe(true);
  });

  it("ends when the time that the user set is over", async () => {
    const signal = AbortSignal.abort(new DOMException("over", "TimeoutError"));
    const { result } = await wait(() => operation(), { signal });

    expect((result as Error).message).toBe(
      "the provider stopped waiting for it: the time limit was reached; it may still go on in the cloud (CANCELLED, CreateServiceAccount, operation op1)",
    );
  });

  it("ends after ten minutes in any case", async () => {
    let now = 0;
    await using server = await startSmallCloud({ "OperationService/Get": () => ((now += 61_000), operation()) });
    using cloud = connect(settingsFor(server.address), testWorld({ now: () => now }));

    await expect(cloud.done(operation())).rejects.toThrow(/it did not end within 10 minutes/);
  });

  it("takes the operation from a call, and the call's refusal for its own", async () => {
    using cloud = connect(settingsFor("127.0.0.1:9"), testWorld());

    await expect(cloud.done(Promise.reject(new Error("refused")))).rejects.toThrow("refused");
  });
});
