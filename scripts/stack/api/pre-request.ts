import type postgres from "postgres";

/**
 * Reads which function PostgREST would call before each request: `pgrst.db_pre_request` in the settings of its login
 * `authenticator`, those for this database before those for all.
 *
 * @param sql - any connection to the database
 * @returns the function's name in parts (schema and name), null when none is called
 */
export async function readPreRequest(sql: postgres.Sql): Promise<readonly string[] | null> {
  const [row] = await sql<{ name: string }[]>`
    select substr(c.setting, strpos(c.setting, '=') + 1) as name
    from pg_catalog.pg_db_role_setting as s
    join pg_catalog.pg_roles as r on r.oid = s.setrole and r.rolname = 'authenticator'
    cross join lateral unnest(s.setconfig) as c (setting)
    where s.setdatabase in (0, (select d.oid from pg_catalog.pg_database as d where d.datname = current_database()))
      and split_part(c.setting, '=', 1) = 'pgrst.db_pre_request'
    order by s.setdatabase desc
    limit 1
  `;
  return row === undefined || row.name === "" ? null : row.name.split(".");
}
