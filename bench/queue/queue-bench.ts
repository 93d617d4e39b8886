import { median } from "../lib/stats.ts";
import type { BenchServer, PreparedQueue, QueueContestant } from "./contestant.ts";
import { CONTESTANTS } from "./contestants.ts";
import { type Figure, type QueueLine, type QueueOptions, queueLines } from "./lines.ts";

/** What one queue reached on one line. */
export interface QueueResult {
  readonly contestant: string;
  readonly median: number;
  readonly rounds: readonly number[];
}

/** One line of the comparison. */
export interface QueueComparison {
  readonly line: string;
  readonly unit: Figure["unit"];
  readonly results: readonly QueueResult[];
  /** Finished jobs that lay in each queue before the first round, where that is what the line is about. */
  readonly finished?: Readonly<Record<string, number>>;
}

interface Entrant {
  readonly contestant: QueueContestant;
  readonly queue: PreparedQueue;
}

/**
 * Measures all queues, line by line. In each round of a line each has its turn; who begins changes from round to round.
 *
 * @param server - a durable server, migrated
 * @param options - how much is measured
 * @param progress - called with a line of text before each step
 * @returns the lines
 */
export async function measureQueues(
  server: BenchServer, options: QueueOptions, progress: (line: string) => void,
): Promise<readonly QueueComparison[]> {
  const entrants: Entrant[] = [];
  try {
    for (const contestant of CONTESTANTS) {
      progress(`Setting up ${contestant.name}.`);
      entrants.push({ contestant, queue: await contestant.setup(server) });
    }
    const comparisons: QueueComparison[] = [];
    for (const line of queueLines(options)) {
      comparisons.push(...(await compare(line, entrants, options.rounds, progress)));
    }
    return comparisons;
  } finally {
    for (const { queue } of entrants) await queue.close();
  }
}

async function compare(
  line: QueueLine, entrants: readonly Entrant[], rounds: number, progress: (line: string) => void,
): Promise<readonly QueueComparison[]> {
  const title = line.figures.map(({ name }) => name).join("; ");
  const unit = line.figures[0]?.unit ?? "";
  const finished: Record<string, number> = {};
  for (const { contestant, queue } of entrants) finished[contestant.name] = await line.prepare(queue);
  const taken = new Map<string, (readonly number[])[]>(entrants.map(({ contestant }) => [contestant.name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { contestant, queue } of rotated(entrants, round)) {
      const values = await line.measure(contestant, queue);
      taken.get(contestant.name)?.push(values);
      const shown = values.map((value) => value.toFixed(value < 100 ? 2 : 0)).join(", ");
      progress(`${title}, round ${round + 1} of ${rounds}, ${contestant.name}: ${shown} ${unit}`);
    }
  }
  const hasFinished = Object.values(finished).some((count) => count > 0);
  return line.figures.map((figure, index) => ({
    line: figure.name,
    unit: figure.unit,
    results: entrants.map(({ contestant }) => {
      const values = (taken.get(contestant.name) ?? []).map((round) => round[index] ?? Number.NaN);
      return { contestant: contestant.name, median: median(values), rounds: values };
    }),
    ...(hasFinished ? { finished } : {}),
  }));
}

/** The list begun at another place, so that nobody is always first or always after the same one. */
export function rotated<T>(list: readonly T[], by: number): readonly T[] {
  const at = by % Math.max(list.length, 1);
  return [...list.slice(at), ...list.slice(0, at)];
}
