import type postgres from "postgres";

/** Settings of one API role for the length of a request. */
export interface RoleTimeouts {
  readonly statement: string;
  readonly lock: string;
}

const API_ROLES = ["anon", "authenticated", "service_role"];

/**
 * Reads the time limits of the API roles as PostgREST applies them: a role's own setting, else that
 * of `authenticator`, PostgREST's login (so service_role, which has none, gets the latter's 8 s).
 *
 * @param sql - any connection to the database
 * @returns the limits by role
 */
export async function readRoleTimeouts(sql: postgres.Sql): Promise<Map<string, RoleTimeouts>> {
  const rows = await sql<{ role: string; settings: string[] }[]>`
    select rolname as role, coalesce(rolconfig, '{}') as settings
    from pg_catalog.pg_roles
    where rolname = any (${[...API_ROLES, "authenticator"]})
  `;
  const settings = new Map(rows.map((row) => [row.role, row.settings]));
  const read = (role: string, name: string): string | undefined =>
    settings
      .get(role)
      ?.find((setting) => setting.startsWith(`${name}=`))
      ?.slice(name.length + 1);
  const limit = (role: string, name: string): string =>
    read(role, name) ?? read("authenticator", name) ?? "0";
  return new Map(
    API_ROLES.map((role) => [
      role,
      { statement: limit(role, "statement_timeout"), lock: limit(role, "lock_timeout") },
    ]),
  );
}
