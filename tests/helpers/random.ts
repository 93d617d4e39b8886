/** Numbers that look random and are the same in every run. */
export interface Random {
  /** An integer from 0 up to and without the bound; 0 when there is no other. */
  readonly below: (bound: number) => number;
  /** Whether something that happens so many times in a hundred happens. */
  readonly chance: (percent: number) => boolean;
  /** One of the values. */
  readonly pick: <T>(values: readonly T[]) => T;
}

/**
 * Makes a source of random numbers (mulberry32).
 *
 * @param seed - an integer; the same one gives the same numbers
 * @returns the source
 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const below = (bound: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * bound);
  };
  return {
    below,
    chance: (percent) => below(100) < percent,
    pick: (values) => {
      const value = values[below(values.length)];
      if (value === undefined) throw new Error("There is nothing to pick from.");
      return value;
    },
  };
}
