const answers = new WeakMap<object, Map<string, Promise<unknown>>>();

/**
 * Asks a question once for as long as the owner lives, however many want to know at the same time. A failure is not
 * kept: the next one asks again.
 */
export function memoizePerRun<Answer>(owner: object, question: string, ask: () => Promise<Answer>): Promise<Answer> {
  const known = answers.get(owner) ?? new Map<string, Promise<unknown>>();
  answers.set(owner, known);
  const answer = known.get(question) ?? ask();
  known.set(question, answer);
  answer.catch(() => known.delete(question));
  return answer as Promise<Answer>;
}
