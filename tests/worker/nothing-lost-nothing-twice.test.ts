import { afterEach, expect, it } from "vitest";
import { waitFor } from "../helpers/wait.ts";
import { type Crew, startCrew } from "./proof/crew.ts";
import { type OwnDatabase, startOwnDatabase } from "./proof/own-database.ts";
import { putWork } from "./proof/work.ts";

const TENANTS = 50;
const WORKERS = 8;
// Far more than it takes: others may need the machine meanwhile.
const LONGEST_SECONDS = 500;
const KILLS = { crash: 12, fast: 3 };

let database: OwnDatabase | undefined;
let crew: Crew | undefined;

afterEach(async () => {
  crew?.kill();
  await database?.remove();
});

it.each([
  { how: "crash", jobs: 20_000 },
  { how: "fast", jobs: 4_000 },
] as const)("T6 $jobs jobs, workers killed and a $how restart: nothing is lost, nothing counts twice", async (proof) => {
  database = await startOwnDatabase();
  const { sql, url, restart } = database;
  const shares = await putWork(sql, TENANTS, proof.jobs);

  let attempts = 0;
  let kills = 0;
  let restarting: Promise<void> | undefined;
  crew = startCrew(url, WORKERS, 20_261_121, (more) => {
    attempts += more;
    if (attempts >= proof.jobs / 2) restarting ??= restart(proof.how);
    while (kills < KILLS[proof.how] && attempts >= (kills + 1) * proof.jobs / (KILLS[proof.how] + 1)) {
      kills += 1;
      crew?.replaceOne();
    }
  });
  await waitFor("end of the jobs", async () => {
    await restarting;
    const rows = await sql`select from public.job_queue where queue = 'proof' limit 1`;
    return rows.length === 0 || undefined;
  }, LONGEST_SECONDS);
  expect(await crew.stop(), "every worker stops by itself").toEqual(Array(WORKERS).fill(0));

  expect({ kills, isRestarted: restarting !== undefined }).toEqual({ kills: KILLS[proof.how], isRestarted: true });
  const ends = await sql`
    select f.type, f.status, count(*)::integer as jobs, count(distinct f.id)::integer as ids
    from public.finished_jobs as f
    where f.queue = 'proof'
    group by f.type, f.status
    order by f.type
  `;
  expect([...ends]).toEqual([
    { type: "count", status: "succeeded", jobs: shares.count, ids: shares.count },
    { type: "fail-always", status: "dead", jobs: shares.failAlways, ids: shares.failAlways },
    { type: "fail-first", status: "succeeded", jobs: shares.failFirst, ids: shares.failFirst },
    { type: "refuse", status: "dead", jobs: shares.refuse, ids: shares.refuse },
  ]);
  const [left] = await sql`
    select
      (select count(*)::integer from public.job_queue where queue = 'proof') as queued,
      (select count(*)::integer from private.job_leases where queue = 'proof') as leases,
      (select count(*)::integer from proof.effects) as effects,
      (
        select count(*)::integer from public.finished_jobs as f
        where f.queue = 'proof' and f.status = 'succeeded' and not exists (
          select from proof.effects as e where e.job_id = f.id
        )
      ) as without_effect,
      (
        select count(distinct (f.payload ->> 'number')::integer)::integer
        from public.finished_jobs as f where f.queue = 'proof'
      ) as numbers,
      (
        select count(*)::integer from public.finished_jobs as f
        where f.type = 'count' and (f.result -> 'number' is distinct from f.payload -> 'number')
      ) as wrong_results,
      (
        select count(*)::integer from public.finished_jobs as f
        where f.status = 'dead' and f.error !~ '^(Every attempt fails|It cannot be done|The lease of worker)'
      ) as without_their_error
  `;
  expect(left).toEqual({
    queued: 0,
    leases: 0,
    effects: shares.count + shares.failFirst,
    without_effect: 0,
    numbers: proof.jobs,
    wrong_results: 0,
    without_their_error: 0,
  });
  const again = await sql`select job_id from proof.attempts group by job_id having count(*) > 1`;
  expect(again.length, "the kills hit workers between effect and end").toBeGreaterThan(0);
  const takenOver = await sql`select from public.finished_jobs where type = 'count' and attempt > 1`;
  expect(takenOver.length, "their jobs were done by others").toBeGreaterThan(0);
}, (LONGEST_SECONDS + 100) * 1000);
