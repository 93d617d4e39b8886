/** The statuses of tasks here. */
export type TaskStatus = "pending" | "in_progress" | "review" | "blocked" | "deferred" | "done" | "cancelled";

/** The priorities of tasks here. */
export type TaskPriority = "critical" | "high" | "medium" | "low";

const STATUSES: ReadonlyMap<string, TaskStatus> = new Map([
  ...["pending", "todo", "to-do", "open", "new", "not-started", "planned", "backlog", "ready"].map((word) =>
    [word, "pending"] as const
  ),
  ...["in-progress", "started", "doing", "active", "wip", "ongoing"].map((word) => [word, "in_progress"] as const),
  ...["done", "completed", "complete", "finished", "closed", "resolved"].map((word) => [word, "done"] as const),
  ...["review", "in-review"].map((word) => [word, "review"] as const),
  ["blocked", "blocked"],
  ...["deferred", "paused", "on-hold", "postponed"].map((word) => [word, "deferred"] as const),
  ...["cancelled", "canceled", "abandoned"].map((word) => [word, "cancelled"] as const),
]);

/** The words of Task Master itself: nothing is odd about them. */
const PLAIN_STATUSES = new Set(["pending", "in-progress", "done", "review", "blocked", "deferred", "cancelled"]);

const PRIORITIES: ReadonlyMap<string, TaskPriority> = new Map([
  ...["critical", "urgent", "highest"].map((word) => [word, "critical"] as const),
  ["high", "high"],
  ...["medium", "normal", "moderate"].map((word) => [word, "medium"] as const),
  ...["low", "lowest"].map((word) => [word, "low"] as const),
]);

/** A word of a file as one of ours. */
export interface Mapped<T> {
  readonly value: T;
  /** Whether it is a word that Task Master writes. */
  readonly isPlain: boolean;
}

/**
 * Finds the status that a word means.
 *
 * @param word - as it stands in a file
 * @returns the status; undefined for a word that is not known
 */
export function mapStatus(word: string): Mapped<TaskStatus> | undefined {
  const value = STATUSES.get(word.trim().toLowerCase().replace(/[\s_-]+/g, "-"));
  return value === undefined ? undefined : { value, isPlain: PLAIN_STATUSES.has(word) };
}

/**
 * Finds the priority that a word means.
 *
 * @param word - as it stands in a file
 * @returns the priority; undefined for a word that is not known
 */
export function mapPriority(word: string): Mapped<TaskPriority> | undefined {
  const value = PRIORITIES.get(word.trim().toLowerCase());
  return value === undefined ? undefined : { value, isPlain: value === word };
}
