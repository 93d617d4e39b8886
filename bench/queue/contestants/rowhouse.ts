import type pg from "pg";
import type { BenchServer, PreparedQueue, QueueClient, QueueContestant, QueueWorker } from "../contestant.ts";
import { countOf, openPool } from "../database.ts";
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { createJobWorker } from "../../../client/worker/create-job-worker.ts";
import { createDatabaseJobSource } from "../../../client/worker/database-source.ts";
import { defineJob } from "../../../supabase/functions/_shared/jobs/define-job.ts";
import { byType } from "../../../supabase/functions/_shared/jobs/perform-job.ts";

const TYPE = "nothing";
const TENANTS = 50;
const BATCH = 500;

/** The queue of this repository: a finished job moves to finished_jobs. Fifty tenants have jobs and take turns. */
export const rowhouse: QueueContestant = {
  name: "rowhouse",

  async setup(server): Promise<PreparedQueue> {
    const pool = await openPool(server.url, 2);
    await makeTenants(pool);
    const url = asServiceRole(server);
    return {
      url,
      connect: (connections) => connect(url, connections),
      waiting: () => countOf(pool, "select count(*) from public.job_queue"),
      async clear() {
        await pool.query("truncate public.job_queue, public.finished_jobs, private.job_leases, private.job_keys");
      },
      async seedFinished(jobs) {
        await pool.query(`
          insert into public.finished_jobs (
            tenant_id, id, queue, type, status, priority, run_at, attempt, max_attempts, started_at, created_at,
            payload
          )
          select t.id, private.uuid_v7(), 'default', '${TYPE}', 'succeeded', 0, now(), 1, 5, now(), now(),
            jsonb_build_object('n', n)
          from generate_series(1, ${jobs}) as n
          join (select id, row_number() over (order by id) - 1 as place from public.tenants) as t
            on t.place = n % ${TENANTS}`);
        return countOf(pool, "select count(*) from public.finished_jobs");
      },
      async settle() {
        await pool.query(`
          vacuum (analyze) public.job_queue, public.finished_jobs, private.job_leases, private.job_workers`);
      },
      close: () => pool.end(),
    };
  },

  worker({ url, connections }): Promise<QueueWorker> {
    const leaseSeconds = 60;
    const settings = { queue: "default", worker: `bench ${randomUUID()}`, leaseSeconds };
    // One of the connections listens.
    const source = createDatabaseJobSource(url, settings, { connections: connections - 1 });
    let stop: () => Promise<void> = () => Promise.resolve();
    return Promise.resolve({
      async start(run) {
        const job = defineJob(TYPE, z.object({ n: z.number() }), ({ n }) => run(n));
        // It is started again and again, with the connections it has.
        const kept = { ...source, close: () => Promise.resolve() };
        const worker = createJobWorker(kept, byType([job]), {
          concurrency: BATCH,
          batch: BATCH,
          pollSeconds: 2,
          leaseSeconds,
          graceSeconds: 60,
        });
        await worker.start();
        stop = () => worker.stop();
      },
      stop: () => stop(),
      close: () => source.close(),
    });
  },
};

async function connect(url: string, connections: number): Promise<QueueClient> {
  const pool = await openPool(url, connections);
  const { rows } = await pool.query<{ id: string }>("select id from public.tenants order by id");
  const tenantOf = (n: number): string => rows[n % rows.length]?.id ?? "";
  return {
    async enqueueOne(n) {
      await pool.query({
        name: "enqueue_job",
        text: "select * from public.enqueue_job($1, $2, $3)",
        values: [tenantOf(n), TYPE, JSON.stringify({ n })],
      });
    },
    async enqueueBatch(jobs) {
      const specs = jobs.map((n) => ({ tenant_id: tenantOf(n), type: TYPE, payload: { n } }));
      await pool.query({
        name: "enqueue_jobs",
        text: "select * from public.enqueue_jobs($1)",
        values: [JSON.stringify(specs)],
      });
    },
    close: () => pool.end(),
  };
}

// As workers and back ends have it: the functions of the queue are granted to this role alone.
function asServiceRole(server: BenchServer): string {
  const url = new URL(server.url);
  url.searchParams.set("options", "-c role=service_role");
  return url.href;
}

async function makeTenants(pool: pg.Pool): Promise<void> {
  await pool.query(`
    insert into auth.users (id, email, aud, role)
    values (gen_random_uuid(), 'bench@example.test', 'authenticated', 'authenticated');
    insert into public.tenants (name, slug)
    select 'Bench ' || n, 'bench-' || n from generate_series(1, ${TENANTS}) as n;
    insert into public.memberships (tenant_id, user_id, role)
    select t.id, u.id, 'owner' from public.tenants as t, public.users as u`);
}
