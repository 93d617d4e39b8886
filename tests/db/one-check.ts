import type postgres from "postgres";

/** What the only check of a database finds. */
export interface Planted {
  readonly status: "ok" | "warn" | "critical";
  readonly message?: string;
  readonly remedy?: string;
}

/**
 * Leaves a database one check, whose findings the test writes.
 *
 * @param sql - the database as postgres
 * @returns sets what it finds
 */
export async function plantCheck(sql: postgres.Sql): Promise<(...findings: Planted[]) => Promise<void>> {
  await sql.unsafe(`
    update ops.health_checks set is_enabled = false;
    insert into ops.health_checks (name, title, description, category)
    values ('planted', 'A planted check', 'Finds what the test says.', 'server');
    create table ops.planted (findings ops.finding[]);
    insert into ops.planted values ('{}');
    create function ops.check_planted() returns setof ops.finding
      language sql volatile set search_path = '' begin atomic
      select f.* from ops.planted as p, unnest(p.findings) as f;
    end;
  `).simple();
  return async (...findings) => {
    const rows = findings.map(({ status, message, remedy }, index) => ({
      key: `planted ${index}`,
      status,
      message: message ?? `This is ${status}.`,
      facts: null,
      remedy: remedy ?? null,
    }));
    await sql`
      update ops.planted set findings =
        array(select f from jsonb_populate_recordset(null::ops.finding, ${JSON.stringify(rows)}::text::jsonb) as f)
    `;
  };
}
