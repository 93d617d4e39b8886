/** Median of a list of numbers; NaN for an empty one. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The q-quantile (0 to 1) of a list of numbers, by nearest rank; NaN for an empty one. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

/**
 * The 95 % confidence interval of the ratio of two medians, by bootstrap over the pairs.
 *
 * @param pairs - [measured, baseline] of the same round
 * @param random - a source of numbers in [0, 1)
 * @returns lower and upper bound
 */
export function ratioInterval(
  pairs: readonly (readonly [number, number])[],
  random: () => number,
): readonly [number, number] {
  const ratios = Array.from({ length: 200 }, () => {
    const sample = pairs.map(() => pairs[Math.floor(random() * pairs.length)] ?? [Number.NaN, 1]);
    return median(sample.map(([a]) => a)) / median(sample.map(([, b]) => b));
  });
  return [quantile(ratios, 0.025), quantile(ratios, 0.975)];
}

/** A small seeded generator (mulberry32), so that two runs shuffle alike. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
