import type postgres from "postgres";
import { makeTenants } from "../make-tenants.ts";

/** How many jobs of each type there are. */
export interface Shares {
  readonly count: number;
  readonly failFirst: number;
  readonly failAlways: number;
  readonly refuse: number;
}

/**
 * Makes tenants, a queue and tables for the effects, and puts jobs in: of forty, one fails its first attempt, one
 * fails always and one is refused.
 *
 * @param sql - the database
 * @param tenants - how many
 * @param jobs - how many, a multiple of 40
 * @returns how many there are of each type
 */
export async function putWork(sql: postgres.Sql, tenants: number, jobs: number): Promise<Shares> {
  await sql`create schema proof`;
  await sql`create table proof.attempts (job_id uuid not null, worker text not null)`;
  await sql`create table proof.effects (job_id uuid not null, constraint effects_pkey primary key (job_id))`;
  await sql`insert into ops.job_queues (name, backoff_base, backoff_cap) values ('proof', '0.1 s', '1 s')`;
  await makeTenants(sql, tenants);
  await sql`
    with numbered as (select t.id, row_number() over (order by t.id) as place from public.tenants as t)
    select public.enqueue_jobs(jsonb_agg(jsonb_build_object(
      'tenant_id', t.id,
      'queue', 'proof',
      'type', case n % 40 when 1 then 'fail-first' when 2 then 'fail-always' when 3 then 'refuse' else 'count' end,
      'payload', jsonb_build_object('number', n),
      'max_attempts', case when n % 40 = 2 then 2 else 50 end
    ) order by n))
    from generate_series(1, ${jobs}) as n
    join numbered as t on t.place = n % ${tenants} + 1
    group by n / 10000
  `;
  const share = jobs / 40;
  return { count: jobs - 3 * share, failFirst: share, failAlways: share, refuse: share };
}
