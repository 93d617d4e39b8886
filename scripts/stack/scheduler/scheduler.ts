import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { hasCode, messageOf } from "../../lib/stack-error.ts";
import { execute } from "./execute.ts";
import {
  failAbandonedRuns,
  finishRun,
  insertRun,
  isLeftToUs,
  readDueSchedules,
  type RunOutcome,
  type Schedule,
} from "./schedule-table.ts";

/** Options of `startScheduler`. */
export interface SchedulerOptions {
  /** The database as `postgres`. */
  readonly dbUrl: string;
  /** Address of the edge functions, without a slash at the end. */
  readonly functionsUrl: string;
  readonly functionsSecret: string;
  readonly log: (line: string) => void;
}

/** A running scheduler. */
export interface RunningScheduler {
  /** Ends what is running (its row says why) and stops. */
  readonly stop: () => Promise<void>;
}

const TICK_MS = 1_000;

/**
 * Runs what table ops.schedules says, in the place of pg_cron and pg_net, which the local database
 * lacks. The database says each second what is due, by the rules of pg_cron, so a changed row counts
 * at once; before the migrations are applied, and where pg_cron runs the schedules, this waits.
 *
 * @param options - see SchedulerOptions
 * @returns the running scheduler
 */
export function startScheduler(options: SchedulerOptions): RunningScheduler {
  const sql = postgres(options.dbUrl, {
    max: 2,
    onnotice: () => undefined,
    connection: { application_name: "rowhouse-scheduler" },
  });
  const stopping = new AbortController();
  // Every run listens until it ends; Node takes more than ten at once for a leak.
  setMaxListeners(0, stopping.signal);
  const context = { ...options, signal: stopping.signal };
  const running = new Map<string, Promise<void>>();
  let cleared = false;
  let lastProblem = "";

  const tick = async (): Promise<void> => {
    // Asked every time: pg_cron may be enabled while this runs, and nothing may run twice.
    if (!(await isLeftToUs(sql))) return;
    if (!cleared) {
      await failAbandonedRuns(sql);
      cleared = true;
    }
    for (const schedule of await readDueSchedules(sql)) {
      if (running.has(schedule.name) || stopping.signal.aborted) continue;
      start(schedule, () => execute(schedule, context));
    }
  };
  const start = (schedule: Schedule, work: () => Promise<RunOutcome>): void => {
    const run = record(schedule.name, work).catch((error: unknown) => problem(messageOf(error)));
    running.set(schedule.name, run);
    void run.finally(() => running.delete(schedule.name));
  };
  const record = async (name: string, work: () => Promise<RunOutcome>): Promise<void> => {
    const id = await insertRun(sql, name);
    const outcome = await work();
    if (outcome.status === "failed")
      options.log(`schedule ${name} failed: ${outcome.error ?? "no reason given"}`);
    // The database may be restarting; the row must not stay open while this process lives.
    for (let attempt = 1; ; attempt += 1) {
      try {
        await finishRun(sql, id, outcome);
        return;
      } catch (error) {
        if (attempt === 20 || stopping.signal.aborted) throw error;
        await sleep(TICK_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  };
  const problem = (text: string): void => {
    if (text !== lastProblem && text !== "") options.log(`scheduler: ${text}`);
    lastProblem = text;
  };

  const loop = (async () => {
    while (!stopping.signal.aborted) {
      try {
        await tick();
        problem("");
      } catch (error) {
        // Before the migration exists, or while the database restarts: wait.
        const isAbsent = hasCode(error, "42883") || hasCode(error, "3F000");
        if (!isAbsent && !stopping.signal.aborted) problem(messageOf(error));
      }
      await sleep(TICK_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();

  return {
    stop: async () => {
      stopping.abort();
      await loop;
      await Promise.all(running.values());
      await sql.end({ timeout: 2 });
    },
  };
}
