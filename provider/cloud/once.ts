const memory = new WeakMap<object, Map<unknown, unknown>>();

/**
 * What something remembers for as long as a connection to the cloud lives, which is one run of the engine. `make` runs the
 * first time.
 */
export function rememberPerRun<Thing>(cloud: object, key: unknown, make: () => Thing): Thing {
  const known = memory.get(cloud) ?? new Map<unknown, unknown>();
  memory.set(cloud, known);
  if (!known.has(key)) known.set(key, make());
  return known.get(key) as Thing;
}

/**
 * Asks a question once in a run, however many want to know at the same time. A failure is not kept: the next one asks
 * again.
 */
export function memoizePerRun<Answer>(cloud: object, question: string, ask: () => Promise<Answer>): Promise<Answer> {
  const answer = rememberPerRun(cloud, question, ask);
  answer.catch(() => memory.get(cloud)?.delete(question));
  return answer;
}
