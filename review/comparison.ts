/** What is in only one of two sets of words, and what is in both; each once, sorted. */
export interface Comparison {
  gained: string[];
  lost: string[];
  kept: string[];
}

export function compare(before: readonly string[], after: readonly string[]): Comparison {
  const [old, wanted] = [new Set(before), new Set(after)];
  return {
    gained: [...wanted].filter((each) => !old.has(each)).sort(),
    lost: [...old].filter((each) => !wanted.has(each)).sort(),
    kept: [...wanted].filter((each) => old.has(each)).sort(),
  };
}
