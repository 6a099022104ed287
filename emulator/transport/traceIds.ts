/** `x-server-trace-id`, in the form that was recorded: trace, span and parent in hexadecimal, and that it is sampled. */
export function traceIdOf(requestId: string): string {
  const hex = requestId.replaceAll("-", "");
  return `${hex.slice(0, 16)}:${hex.slice(16)}:${hex.slice(0, 16)}:1`;
}
