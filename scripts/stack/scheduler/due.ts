import { Cron } from "croner";
import { messageOf } from "../../lib/stack-error.ts";

/** When a schedule runs next, or why that cannot be said. */
export type NextRun = { readonly at: Date } | { readonly never: true } | { readonly invalid: string };

/**
 * The first moment after `since` at which a cron expression fires. Because it counts from the last
 * run and not from now, runs missed while the stack was down come due once, together.
 *
 * @param cron - five fields in UTC, as pg_cron takes them on hosted
 * @param since - start of the last run, or when the schedule was made
 * @returns the moment; `never` when there is none (30 February); `invalid` with the reason
 */
export function nextRunAfter(cron: string, since: Date): NextRun {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 5) {
    return { invalid: `"${cron}" has ${fields.length} fields; a cron expression has five.` };
  }
  try {
    const at = new Cron(fields.join(" "), { timezone: "UTC", mode: "5-part" }).nextRun(since);
    return at === null ? { never: true } : { at };
  } catch (error) {
    return { invalid: `"${cron}" is no cron expression: ${messageOf(error)}` };
  }
}

/**
 * Whether a schedule is due.
 *
 * @param next - result of `nextRunAfter`
 * @param now - present moment
 * @returns true when it should run now
 */
export function isDue(next: NextRun, now: Date): boolean {
  return "at" in next && next.at <= now;
}
