import os from "node:os";
import { Client } from "pg";
import postgres from "postgres";
import { generate } from "../../scripts/seed/generate.ts";
import { scaleShape } from "../../scripts/seed/scale.ts";
import { hitRatios, readBlocks } from "./cache.ts";
import { chooseCallers } from "./callers.ts";
import { type HttpLatency, measureHttp } from "./http.ts";
import { type Latency, measureLatency } from "./latency.ts";
import { VOLUME_OPERATIONS } from "./operations.ts";
import { findSequentialScans, type SequentialScan } from "./plans.ts";
import { type SideLoad, withSideLoad } from "./side-load.ts";

/** How much data, and how often each operation is asked by each size of tenant. */
export interface VolumeOptions {
  readonly tenants: number;
  readonly workflows: number;
  readonly tasks: number;
  readonly messages: number;
  readonly rounds: number;
  readonly connections: number;
}

/** What F2 asks for, as it is. */
export interface Volume {
  readonly rows: Readonly<Record<string, number>>;
  readonly generated_in_s: number;
  readonly database_mb: number;
  readonly load_average: { readonly before: number; readonly after: number };
  readonly alone: readonly Latency[];
  readonly beside: { readonly load: SideLoad; readonly latency: readonly Latency[] };
  readonly http: readonly HttpLatency[];
  readonly cache_hit_percent: { readonly table: number; readonly index: number };
  readonly sequential_scans: readonly SequentialScan[];
}

const LARGE = 10_000;
const JOBS_A_SECOND = 500;

/**
 * Measures F2: fills the database, then asks for each hot operation as members of tenants of all sizes: alone, beside
 * refreshes and jobs, and through the local HTTP API; and looks at the plans and the caches.
 *
 * @param urls - a migrated database without rows, as postgres and as superuser
 * @param options - how much
 * @param progress - called with a line of text before each step
 * @returns the figures
 */
export async function measureVolume(
  { url, adminUrl }: { readonly url: string; readonly adminUrl: string },
  options: VolumeOptions,
  progress: (line: string) => void,
): Promise<Volume> {
  const { rounds, connections, ...rows } = options;
  const scale = scaleShape.parse(rows);
  const started = performance.now();
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  const verified = await generate(sql, scale, (label) => progress(`Making ${label}.`)).finally(() => sql.end());
  const seconds = (performance.now() - started) / 1000;
  progress("Vacuuming and analyzing.");
  await withClient(adminUrl, (admin) => admin.query("vacuum (analyze)"));
  await withClient(adminUrl, (admin) => admin.query("checkpoint"));
  return withClient(url, async (client) => {
    const size = await client.query<{ mb: number }>("select pg_database_size(current_database()) / 1048576.0 as mb");
    const callers = await chooseCallers(client, options.tenants);
    progress("Looking at the plans.");
    const few = callers.filter(({ size: of }, index) => callers.findIndex((caller) => caller.size === of) === index);
    const sequential_scans = await findSequentialScans(client, few, VOLUME_OPERATIONS, LARGE);
    const before = os.loadavg()[0] ?? Number.NaN;
    progress(`Measuring ${VOLUME_OPERATIONS.length} operations alone.`);
    const clients = await Promise.all(Array.from({ length: connections }, () => open(url)));
    try {
      const blocks = await readBlocks(client);
      const alone = await measureLatency(clients, callers, VOLUME_OPERATIONS, rounds);
      const cache_hit_percent = hitRatios(blocks, await readBlocks(client));
      progress(`Measuring them beside refreshes and ${JOBS_A_SECOND} jobs a second.`);
      const tenants = callers.map(({ tenantId }) => tenantId);
      const beside = await withSideLoad(url, tenants, JOBS_A_SECOND, () =>
        measureLatency(clients, callers, VOLUME_OPERATIONS, rounds));
      progress("Measuring them through the local API.");
      const http = await measureHttp(url, client, callers, rounds);
      return {
        rows: verified.rows,
        generated_in_s: Math.round(seconds),
        database_mb: Math.round(Number(size.rows[0]?.mb)),
        load_average: { before, after: os.loadavg()[0] ?? Number.NaN },
        alone,
        beside: { load: beside.load, latency: beside.result },
        http,
        cache_hit_percent,
        sequential_scans,
      };
    } finally {
      for (const one of clients) await one.end();
    }
  });
}

async function open(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await open(url);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
