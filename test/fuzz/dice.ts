/** Chance that a number decides: the same seed throws the same dice. */
export interface Dice {
  /** From 0 to `below` - 1. */
  int(below: number): number;
  /** True in `percent` of 100. */
  chance(percent: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Between 0 and `most` things. */
  some<T>(most: number, make: () => T): T[];
  bytes(length: number): Buffer;
}

/** The dice of case `number` of the round that begins with `seed`. */
export function openDice(seed: number, number: number): Dice {
  // Mulberry32: small, and its numbers pass the usual tests of chance.
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b)) >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (below: number) => Math.floor(next() * below);
  return {
    int,
    chance: (percent) => next() * 100 < percent,
    pick: (items) => items[int(items.length)]!,
    some: (most, make) => Array.from({ length: int(most + 1) }, make),
    bytes: (length) => Buffer.from(Array.from({ length }, () => int(256))),
  };
}
