import postgres from "postgres";
import { hasCode } from "../lib/stack-error.ts";

/** The password of every demo user; seeds use it too. */
export const DEMO_PASSWORD = "rowhouse-demo";

/** Someone a visitor can sign in as. */
export interface DemoUser {
  readonly email: string;
  /** Roles with the tenant's name, such as `manager of Clinic North`. */
  readonly roles: string;
}

/**
 * Reads the demo users that the seeds made.
 *
 * @param dbUrl - the database as `postgres`
 * @returns the users with their roles; none while the tables do not exist
 */
export async function readDemoUsers(dbUrl: string): Promise<DemoUser[]> {
  const sql = postgres(dbUrl, { max: 1, onnotice: () => undefined });
  try {
    return await sql<DemoUser[]>`
      select u.email,
        coalesce(string_agg(m.role || ' of ' || t.name, ', ' order by t.name), '') as roles
      from auth.users u
      left join public.memberships m on m.user_id = u.id
      left join public.tenants t on t.id = m.tenant_id
      where u.raw_app_meta_data ->> 'demo' = 'true'
      group by u.id, u.email
      order by min(t.name) nulls first, u.email
    `;
  } catch (error) {
    // Missing tables or columns: the migrations do not have them (yet).
    if (hasCode(error, "42P01") || hasCode(error, "42703")) return [];
    throw error;
  } finally {
    await sql.end({ timeout: 2 });
  }
}
