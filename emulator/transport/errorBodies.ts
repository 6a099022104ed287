import { type StatusError, type CodeName, codes, httpStatus, restError } from "../status";

/** How a family of AI calls wraps a refusal: OpenAI's, the native REST API's, SpeechKit v1's, or that of all other services. */
export type Envelope = "openai" | "native" | "speech" | "plain";

export function errorAnswer(
  envelope: Envelope,
  error: StatusError,
  requestId: string,
): { status: number; json: unknown } {
  const status = httpStatus(error.code);
  switch (envelope) {
    // How the OpenAI-compatible API wraps a refusal is not public; this is OpenAI's own form, which its clients read.
    case "openai": {
      const { message, code } = error;
      return { status, json: { error: { message, type: code.toLowerCase(), param: null, code: String(codes[code]) } } };
    }
    case "native":
      return { status, json: { error: nativeError(error, status) } };
    case "speech":
      return speechError(error, status);
    case "plain":
      return { status, json: restError(error, requestId) };
  }
}

const nativeError = (error: StatusError, status: number) => ({
  grpcCode: codes[error.code],
  httpCode: status,
  message: error.message,
  httpStatus: statusTexts[status] ?? "",
  details: [],
});

const statusTexts: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

/** SpeechKit v1 tells a missing role as 401 too, with the refusal of the service behind it in its words (seen in public logs). */
function speechError(error: StatusError, status: number): { status: number; json: unknown } {
  const denied = error.code === "PERMISSION_DENIED" || error.code === "UNAUTHENTICATED";
  const message = denied ? `rpc error: code = ${spelled(error.code)} desc = ${error.message}` : error.message;
  return {
    status: denied ? 401 : status,
    json: {
      error_code: denied ? "UNAUTHORIZED" : status === 400 ? "BAD_REQUEST" : "INTERNAL_SERVER_ERROR",
      error_message: message,
    },
  };
}

/** `PermissionDenied`, as Go spells codes. */
const spelled = (code: CodeName) =>
  code.toLowerCase().replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
