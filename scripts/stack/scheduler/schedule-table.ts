import type postgres from "postgres";
import { z } from "zod";

const scheduleRow = z.object({
  name: z.string(),
  kind: z.enum(["function", "sql"]),
  target: z.string(),
  body: z.unknown(),
  timeout_seconds: z.number(),
});

/** What a schedule runs. */
export type Schedule = z.infer<typeof scheduleRow>;

/** How a run ended. */
export interface RunOutcome {
  readonly status: "succeeded" | "failed";
  readonly httpStatus: number | null;
  readonly result: unknown;
  readonly error: string | null;
}

/**
 * Whether the database leaves the schedules to a program like this one.
 *
 * @param sql - the database as `postgres`
 * @returns false where pg_cron runs them
 * @throws the driver's error, 42883 or 3F000 while the migrations are not applied
 */
export async function isLeftToUs(sql: postgres.Sql): Promise<boolean> {
  const rows = await sql`select ops.scheduler() as scheduler`;
  return z.object({ scheduler: z.string() }).parse(rows[0]).scheduler === "external";
}

/**
 * Reads the schedules that should run now: their time came, however often, since their last run, or
 * somebody asked for a run.
 *
 * @param sql - the database as `postgres`
 * @returns the schedules
 * @throws the driver's error, 42883 or 3F000 while the migrations are not applied
 */
export async function readDueSchedules(sql: postgres.Sql): Promise<Schedule[]> {
  const rows = await sql`
    select s.name, s.kind, s.target, s.body, s.timeout_seconds
    from ops.list_due_schedules(interval '0') as due (name)
    join ops.schedules as s on s.name = due.name
  `;
  return rows.map((row) => scheduleRow.parse(row));
}

/**
 * Ends the runs that a killed stack left open.
 *
 * @param sql - the database as `postgres`
 * @returns how many there were
 */
export async function failAbandonedRuns(sql: postgres.Sql): Promise<number> {
  const { count } = await sql`
    update ops.schedule_runs
    set status = 'failed', finished_at = now(), error = 'The stack was stopped while this was running.'
    where status = 'running'
  `;
  return count;
}

/**
 * Records the start of a run.
 *
 * @param sql - the database as `postgres`
 * @param name - name of the schedule
 * @returns id of the run
 */
export async function insertRun(sql: postgres.Sql, name: string): Promise<string> {
  const rows = await sql`
    insert into ops.schedule_runs (schedule_name, status) values (${name}, 'running')
    returning id
  `;
  return z.object({ id: z.string() }).parse(rows[0]).id;
}

/**
 * Records the end of a run.
 *
 * @param sql - the database as `postgres`
 * @param id - id of the run
 * @param outcome - how it ended
 */
export async function finishRun(sql: postgres.Sql, id: string, outcome: RunOutcome): Promise<void> {
  const result = outcome.result === undefined ? null : JSON.stringify(outcome.result);
  await sql`
    update ops.schedule_runs
    set status = ${outcome.status}, finished_at = now(), http_status = ${outcome.httpStatus},
      result = ${result}::text::jsonb, error = ${outcome.error}
    where id = ${id}
  `;
}
