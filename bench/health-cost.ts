import postgres from "postgres";
import { z } from "zod";
import { loadData } from "./lib/data.ts";
import { median } from "./lib/stats.ts";

/** How long a health check takes on a database of many tables. Times are medians, in milliseconds. */
export interface HealthCost {
  readonly tables: number;
  readonly all_checks_ms: number;
  readonly worst_ms: number;
  /** All checks against the time that reading the size and the columns of every relation takes. */
  readonly ratio_to_catalogue: number;
  readonly checks: readonly { readonly name: string; readonly status: string; readonly ms: number }[];
}

/** How many tables and rounds. */
export interface HealthCostOptions {
  readonly tables: number;
  readonly rounds: number;
}

const answerShape = z.object({ answer: z.object({ status: z.string(), name: z.string() }) });

// What any tool has to read at least to say something about every table.
const CATALOGUE = `
  select sum(pg_total_relation_size(c.oid)), count(a.attnum)
  from pg_class as c left join pg_attribute as a on a.attrelid = c.oid
  where c.relkind in ('r', 'm', 'i')`;

/**
 * Measures all health checks on a database of many tables, in turn with a plain reading of the catalogue.
 *
 * @param urls - a migrated database without rows: as postgres, as superuser
 * @param options - how many tables and rounds
 * @param progress - called with a line of text before each step
 * @returns the times
 */
export async function measureHealthCost(
  { url, adminUrl }: { readonly url: string; readonly adminUrl: string }, { tables, rounds }: HealthCostOptions, progress: (line: string) => void,
): Promise<HealthCost> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    progress(`Making ${tables} tables.`);
    await makeTables(sql, tables);
    progress("Loading 100 tenants and eight weeks of samples.");
    await loadData(sql, { tenants: 100, messages: 200 });
    await makeHistory(sql);
    await resetStatistics(adminUrl);
    const time = async (statement: string): Promise<number> => {
      const started = performance.now();
      await sql.unsafe(statement);
      return performance.now() - started;
    };
    const all: number[] = [];
    const catalogue: number[] = [];
    progress(`Running all checks, ${rounds} rounds.`);
    for (let round = 0; round <= rounds; round += 1) {
      const times = [await time("select ops.database_health_check()"), await time(CATALOGUE)] as const;
      // The first round fills the caches.
      if (round > 0) {
        all.push(times[0]);
        catalogue.push(times[1]);
      }
    }
    progress("Running each check by itself.");
    const names = await sql<{ name: string }[]>`select c.name from ops.health_checks as c where c.is_enabled`;
    const checks: HealthCost["checks"][number][] = [];
    for (const { name } of names) {
      const times: number[] = [];
      let status = "";
      for (let round = 0; round < Math.min(rounds, 5); round += 1) {
        const started = performance.now();
        const [row] = await sql`select ops.run_health_check(${name}) as answer`;
        times.push(performance.now() - started);
        ({ status } = answerShape.parse(row).answer);
      }
      checks.push({ name, status, ms: median(times) });
    }
    return {
      tables,
      all_checks_ms: median(all),
      worst_ms: Math.max(...all),
      ratio_to_catalogue: median(all) / median(catalogue),
      checks: checks.sort((a, b) => b.ms - a.ms),
    };
  } finally {
    await sql.end({ timeout: 5 });
  }
}

// Each with a key, an index that serves its foreign key, one on another column, and rows.
async function makeTables(sql: postgres.Sql, tables: number): Promise<void> {
  await sql.unsafe("create schema shop; create table shop.t0 (id bigint generated always as identity primary key)");
  for (let n = 1; n <= tables; n += 1) {
    await sql.unsafe(`
      create table shop.t${n} (
        id bigint generated always as identity primary key, parent bigint references shop.t${n - 1}, name text not null,
        weight integer, note text, made_at timestamptz not null default now()
      );
      create index on shop.t${n} (parent);
      create index on shop.t${n} (name, weight);
      insert into shop.t${n} (name, weight, note) select 'name ' || i, i, repeat('x', 200) from generate_series(1, 500) as i`);
  }
  await sql.unsafe("vacuum analyze");
}

// As often as ops.metrics says, over the period that anomalies and regressions look at; statistics old enough to be judged.
async function makeHistory(sql: postgres.Sql): Promise<void> {
  await sql.unsafe(`
    insert into ops.metric_samples (metric, subject, sampled_at, value)
    select m.name, s.subject, t.at, extract(epoch from t.at - now()) + 1e7
    from ops.metrics as m
    cross join lateral (
      select '' as subject where m.name !~ '^(table|query|tenant)_'
      union all select 'shop.t' || n from generate_series(1, 300) as n where m.name ~ '^table_'
      union all select n::text from generate_series(1, 100) as n where m.name ~ '^query_'
      union all select n.id::text from (select id from public.tenants limit 100) as n where m.name ~ '^tenant_'
    ) as s
    cross join lateral generate_series(now() - interval '56 days', now(), m.sample_every) as t (at);
    update ops.health_thresholds set warn = -1 where check_name = 'unused_indexes' and measure = 'statistics_days';
    update ops.health_thresholds set warn = 0
    where measure in ('window_seconds', 'transactions', 'checkpoints', 'blocks') and worse = 'below';
  `);
  await sql.unsafe("vacuum analyze");
}

// A new server does not know since when it counts.
async function resetStatistics(adminUrl: string): Promise<void> {
  const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  await admin`select pg_stat_reset()`;
  await admin.end({ timeout: 5 });
}
