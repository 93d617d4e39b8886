import type postgres from "postgres";
import { z } from "zod";

const scheduleRow = z.object({
  name: z.string(),
  cron: z.string(),
  kind: z.enum(["function", "sql"]),
  target: z.string(),
  body: z.unknown(),
  timeout_seconds: z.number().nullable(),
  created_at: z.date(),
  last_started_at: z.date().nullable(),
  last_error: z.string().nullable(),
});

/** An enabled row of ops.schedules with its last run. */
export type Schedule = z.infer<typeof scheduleRow>;

/** How a run ended. */
export interface RunOutcome {
  readonly status: "succeeded" | "failed";
  readonly httpStatus: number | null;
  readonly result: unknown;
  readonly error: string | null;
}

/**
 * Reads the enabled schedules, each with its last run.
 *
 * @param sql - the database as `postgres`
 * @returns the schedules
 * @throws the driver's error, 42P01 or 3F000 while schema ops does not exist
 */
export async function readSchedules(sql: postgres.Sql): Promise<Schedule[]> {
  const rows = await sql`
    select s.name, s.cron, s.kind, s.target, s.body, s.timeout_seconds, s.created_at,
      last.started_at as last_started_at, last.error as last_error
    from ops.schedules s
    left join lateral (
      select r.started_at, r.error
      from ops.schedule_runs r
      where r.schedule_name = s.name
      order by r.started_at desc
      limit 1
    ) last on true
    where s.is_enabled
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
