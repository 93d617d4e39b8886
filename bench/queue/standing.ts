import type { QueueComparison } from "./queue-bench.ts";

/** Where one queue stands on a line against the best of the others. */
export interface Standing {
  readonly against: string;
  /** Above 1 is ahead, whether more is better or less. */
  readonly ratio: number;
}

/**
 * Where a queue stands on a line.
 *
 * @param comparison - the line
 * @param name - the queue
 * @returns its standing; null when it, or every other one, was not measured
 */
export function standingOf({ results, unit }: QueueComparison, name: string): Standing | null {
  const goodness = (value: number): number => (unit === "ms" ? 1 / value : value);
  const own = results.find(({ contestant }) => contestant === name);
  const [best] = results.filter((result) => result !== own).sort((a, b) => goodness(b.median) - goodness(a.median));
  if (!own || !best) return null;
  return { against: best.contestant, ratio: goodness(own.median) / goodness(best.median) };
}

/**
 * The comparison as a table for people.
 *
 * @param comparisons - the lines
 * @param name - the queue whose standing is told
 * @returns lines of text
 */
export function standingTable(comparisons: readonly QueueComparison[], name: string): string {
  const names = comparisons[0]?.results.map(({ contestant }) => contestant) ?? [];
  const head = ["".padEnd(42), ...names.map((contestant) => contestant.padStart(16))].join("");
  const lines = comparisons.map((comparison) => {
    const values = comparison.results.map(({ median }) => `${readable(median)} ${comparison.unit}`.padStart(16));
    const standing = standingOf(comparison, name);
    const told = standing === null
      ? ""
      : `  ${standing.ratio >= 1 ? "ahead " : "behind"} ${standing.ratio.toFixed(2)} times ${standing.against}`;
    return [comparison.line.padEnd(42), ...values, told].join("");
  });
  return [head, ...lines].join("\n");
}

function readable(value: number): string {
  return value < 100 ? value.toFixed(2) : Math.round(value).toLocaleString("en");
}
