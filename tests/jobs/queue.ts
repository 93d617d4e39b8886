import postgres from "postgres";
import { afterAll } from "vitest";
import { z } from "zod";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";

/** A database of its own with tenants whose jobs several connections work on. */
export interface TestQueue {
  readonly database: TestDatabase;
  readonly sql: postgres.Sql;
  readonly tenants: readonly string[];
  /** So many connections as postgres; they end after the test file. */
  readonly connect: (connections: number) => postgres.Sql[];
}

/** A job as `claim_jobs` gives it out. */
const claimed = z.object({ lease_id: z.string(), job_id: z.string(), tenant_id: z.string() });

/** What a claim gave out: one lease, if anything. */
export type ClaimedJob = z.infer<typeof claimed>;

/**
 * Makes a database with tenants.
 *
 * @param size - how many tenants
 * @returns the database, the ids of its tenants in their order, and a way to connect
 */
export async function createQueue(size: number): Promise<TestQueue> {
  const database = await createDatabase({ migrated: true });
  await database.sql`insert into auth.users (id, email) values (gen_random_uuid(), 'owner@tests.example')`;
  const rows = await database.sql`
    with made as (
      insert into public.tenants (name, slug) select 'T', 'tests-' || n from generate_series(1, ${size}::integer) as n
      returning id
    ), owners as (
      insert into public.memberships (tenant_id, user_id, role) select made.id, u.id, 'owner' from made, public.users as u
    )
    select id from made order by id
  `;
  const open: postgres.Sql[] = [];
  afterAll(() => Promise.all(open.map((sql) => sql.end({ timeout: 5 }))));
  return {
    database,
    sql: database.sql,
    tenants: z.array(z.object({ id: z.string() })).parse([...rows]).map(({ id }) => id),
    connect: (connections) => {
      const made = Array.from({ length: connections }, () => postgres(database.url, { max: 1, onnotice: () => undefined }));
      open.push(...made);
      return made;
    },
  };
}

/**
 * Puts jobs of every tenant into a queue.
 *
 * @param queue - where
 * @param jobs - how many of each tenant
 */
export async function fill({ sql }: TestQueue, jobs: number): Promise<void> {
  await sql`
    insert into public.job_queue (tenant_id, type) select t.id, 'job' from public.tenants as t, generate_series(1, ${jobs}::integer)
  `;
}

/**
 * Claims as a worker does.
 *
 * @param sql - the worker's connection
 * @param worker - its name
 * @param batch - jobs at most
 * @returns the jobs
 */
export async function claim(sql: postgres.ISql, worker: string, batch: number): Promise<ClaimedJob[]> {
  const rows = await sql`select lease_id, job_id, tenant_id from public.claim_jobs('default', ${worker}, ${batch}::integer)`;
  return z.array(claimed).parse([...rows]);
}

/**
 * What must never be: jobs and leases that disagree, a job that waits and is over, a key of nothing.
 *
 * @param sql - connection as postgres
 * @returns a line for each
 */
export async function findFaults(sql: postgres.ISql): Promise<string[]> {
  const rows = await sql`
    with leased as (
      select l.lease_id, i.tenant_id, i.id
      from private.job_leases as l cross join lateral unnest(l.tenant_ids, l.job_ids) as i (tenant_id, id)
    )
    select 'is leased and does not run: ' || l.id as fault from leased as l
    where not exists (
      select from public.job_queue as j where (j.tenant_id, j.id, j.lease_id) = (l.tenant_id, l.id, l.lease_id))
    union all
    select 'is leased twice: ' || l.id from leased as l group by l.id having count(*) > 1
    union all
    select 'runs without a lease: ' || j.id from public.job_queue as j
    where j.status = 'running' and not exists (
      select from leased as l where (j.tenant_id, j.id, j.lease_id) = (l.tenant_id, l.id, l.lease_id))
    union all
    select 'waits and is over: ' || j.id from public.job_queue as j join public.finished_jobs as f on f.id = j.id
    union all
    select 'holds a key and is over: ' || k.job_id from private.job_keys as k
    where k.kept_until is null and not exists (
      select from public.job_queue as j where (j.tenant_id, j.id) = (k.tenant_id, k.job_id))
  `;
  return z.array(z.object({ fault: z.string() })).parse([...rows]).map(({ fault }) => fault);
}

/**
 * What became of a statement.
 *
 * @param work - the statement
 * @returns `done`, or the SQLSTATE
 */
export async function outcomeOf(work: PromiseLike<unknown>): Promise<string> {
  try {
    await work;
    return "done";
  } catch (error) {
    if (error instanceof postgres.PostgresError) return error.code;
    throw error;
  }
}
