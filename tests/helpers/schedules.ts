import type postgres from "postgres";
import { z } from "zod";
import { waitFor } from "./wait.ts";

const runRow = z.object({ status: z.enum(["running", "succeeded", "failed"]), error: z.string().nullable() });

/**
 * Makes a schedule due by moving its past back an hour, and waits for the run that follows. The
 * schedule itself stays as it is, so that other tests are not disturbed.
 *
 * @param sql - the database as postgres
 * @param name - the schedule
 * @returns how the run ended
 */
export async function runWhenDue(sql: postgres.Sql, name: string): Promise<z.infer<typeof runRow>> {
  const before = await sql<{ id: string }[]>`select id from ops.schedule_runs where schedule_name = ${name}`;
  const known = before.map((row) => row.id);
  return waitFor(`finished run of ${name}`, async () => {
    // Again at every look: a run that was going on has taken the place of the last one.
    await sql`
      update ops.schedule_runs set started_at = started_at - interval '1 hour'
      where schedule_name = ${name} and started_at > now() - interval '1 hour' and id = any (${known})
    `;
    await sql`
      update ops.schedules set created_at = created_at - interval '1 hour'
      where name = ${name} and created_at > now() - interval '1 hour'
    `;
    const [row] = await sql`
      select status, error from ops.schedule_runs
      where schedule_name = ${name} and id <> all (${known}) and status <> 'running'
      order by id
      limit 1
    `;
    return row === undefined ? undefined : runRow.parse(row);
  });
}
