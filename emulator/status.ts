/** Every refusal of the emulated cloud: its gRPC code, the HTTP status REST shows for it, and the body REST sends. */

export const codes = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

export type CodeName = keyof typeof codes;

/** The vendor's table from code to HTTP status ("Error handling" in the API guide). */
const httpStatuses: Record<CodeName, number> = {
  OK: 200,
  CANCELLED: 499,
  UNKNOWN: 500,
  INVALID_ARGUMENT: 400,
  DEADLINE_EXCEEDED: 504,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  PERMISSION_DENIED: 403,
  RESOURCE_EXHAUSTED: 429,
  FAILED_PRECONDITION: 400,
  ABORTED: 409,
  OUT_OF_RANGE: 400,
  UNIMPLEMENTED: 501,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DATA_LOSS: 500,
  UNAUTHENTICATED: 401,
};

export const httpStatus = (code: CodeName): number => httpStatuses[code];

/** More about an error, as the proto JSON of an Any. */
export type ErrorDetail = { "@type": string } & Record<string, unknown>;

/** An intended refusal. Whatever else is thrown is a fault of the emulator itself and answers INTERNAL. */
export class StatusError extends Error {
  constructor(
    readonly code: CodeName,
    message: string,
    readonly details: ErrorDetail[] = [],
  ) {
    // A message may repeat what a client sent, and half of a surrogate pair cannot be sent back.
    super(Buffer.from(message).toString());
  }
}

export function refuse(code: CodeName, message: string, ...details: ErrorDetail[]): never {
  throw new StatusError(code, message, details);
}

/** Any thrown thing as a refusal. The stack of an unintended one goes to `report`, never to the caller. */
export function asStatusError(thrown: unknown, report: (text: string) => void): StatusError {
  if (thrown instanceof StatusError) return thrown;
  report(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
  return new StatusError("INTERNAL", "Internal error");
}

/** `{"code":5,"message":"…","details":[{"@type":"…RequestInfo","requestId":"…"}]}`, the body of the IAM and Resource Manager REST APIs. */
export const restError = (error: StatusError, requestId: string) => ({
  code: codes[error.code],
  message: error.message,
  details: [...error.details, { "@type": "type.googleapis.com/google.rpc.RequestInfo", requestId }],
});
