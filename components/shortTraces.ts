/** The calls of the engine's library between a trace and the resource that it is of. */
const OF_LIBRARY = 5;
const KEPT = 2;

/**
 * Runs `create`; what it creates keeps in the state the nearest two of the calls that led to it. The engine's library keeps
 * all, up to the start of node. With many applications these were a quarter of the state, which the engine writes again
 * after each step, and they hold paths of the machine. The component itself keeps all, so its place in the program is known.
 */
export function withShortTraces<T>(create: () => T): T {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = (error, calls) => {
    const nearest = calls.slice(0, OF_LIBRARY + KEPT);
    return prepareStackTrace?.(error, nearest) ?? [error, ...nearest].join("\n    at ");
  };
  try {
    return create();
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}
