import { mkdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { type HealthCost, measureHealthCost } from "./health-cost.ts";
import { ROOT_DIR, withThrowAwayServer } from "./lib/throw-away-server.ts";
import { OURS } from "./queue/contestants.ts";
import { peerVersions } from "./queue/peer-versions.ts";
import { measureQueues } from "./queue/queue-bench.ts";
import { standingOf, standingTable } from "./queue/standing.ts";
import { measureRlsCost, type RlsCost } from "./rls-cost.ts";
import { volumeTable } from "./volume/table.ts";
import { measureVolume } from "./volume/volume-bench.ts";

const usage = `npm run bench -- [rls | health | queue | volume] [options]

Measures on a throw-away database, prints the ratios and writes bench/results.

  rls       what row level security costs (F1): --tenants 100 --messages 5000 --rounds 2000
  health    what all health checks cost (P1):   --tables 300 --rounds 20
  queue     the job queue beside graphile-worker and pg-boss (F3), a commit waiting for the disk:
            --jobs 40000 --singles 4000 --latencies 200 --finished 1000000 --rounds 3 --connections 10 --clients 4;
            --quick takes small numbers, to see that it works, and writes no result
  volume    the hot operations over 1,000 tenants and a million tasks (F2): --tenants 1000 --workflows 100000
            --tasks 1000000 --messages 1000000 --rounds 300 --connections 2; --quick likewise
  --json    print the result as JSON`;

const count = (least: number, most: number, otherwise: number): z.ZodType<number, unknown> =>
  z.coerce.number().int().min(least).max(most).default(otherwise);

const figures = {
  rls: {
    figure: "F1",
    file: "rls-cost.json",
    options: z.object({ tenants: count(3, 10_000, 100), messages: count(100, 1_000_000, 5000), rounds: count(100, 1_000_000, 2000) }),
  },
  health: {
    figure: "P1",
    file: "health-cost.json",
    options: z.object({ tables: count(1, 10_000, 300), rounds: count(3, 1000, 20) }),
  },
  queue: {
    figure: "F3",
    file: "queue.json",
    options: z.object({
      rounds: count(1, 100, 3),
      jobs: count(1000, 10_000_000, 40_000),
      singles: count(100, 1_000_000, 4000),
      latencies: count(20, 100_000, 200),
      finished: count(0, 100_000_000, 1_000_000),
      connections: count(3, 20, 10),
      clients: count(1, 20, 4),
    }),
  },
  volume: {
    figure: "F2",
    file: "volume.json",
    options: z.object({
      tenants: count(3, 100_000, 1000),
      workflows: count(10, 10_000_000, 100_000),
      tasks: count(100, 100_000_000, 1_000_000),
      messages: count(100, 100_000_000, 1_000_000),
      rounds: count(20, 100_000, 300),
      connections: count(1, 20, 2),
    }),
  },
};

const quick: Partial<Record<string, Readonly<Record<string, string>>>> = {
  volume: { tenants: "20", workflows: "1000", tasks: "12000", messages: "12000", rounds: "20" },
  queue: { rounds: "1", jobs: "3000", singles: "300", latencies: "30", finished: "20000" },
};

// Enough connections for eight workers, and memory and log space that no checkpoint falls into every measurement.
const queueServer = { durable: true, parameters: ["max_connections=200", "shared_buffers=512MB", "max_wal_size=8GB"] };
// A quarter of a machine of 8 GB, as Supabase sets it; autovacuum as it comes.
const volumeServer = { durable: true, parameters: ["shared_buffers=2GB", "max_wal_size=8GB", "random_page_cost=1.1"] };
const servers = { rls: {}, health: {}, queue: queueServer, volume: volumeServer };

function rlsTable(costs: readonly RlsCost[]): string {
  const lines = costs.map((cost) =>
    [
      cost.operation.padEnd(12),
      cost.request_ms_without_rls.toFixed(3).padStart(10),
      cost.request_ms.toFixed(3).padStart(10),
      cost.ratio.toFixed(3).padStart(7),
      `${cost.ratio_interval[0].toFixed(3)}-${cost.ratio_interval[1].toFixed(3)}`.padStart(13),
      cost.p95_ratio.toFixed(3).padStart(7),
      cost.bar.toFixed(2).padStart(6),
      cost.added_us.toFixed(1).padStart(9),
      cost.added_us_bar.toFixed(0).padStart(5),
      cost.ratio <= cost.bar && cost.added_us <= cost.added_us_bar ? "  within" : "  over",
    ].join(" "),
  );
  return [
    "             without ms    with ms   ratio  95 % interval     p95    bar  added us   bar",
    ...lines,
  ].join("\n");
}

function healthTable({ tables, all_checks_ms, worst_ms, ratio_to_catalogue, checks }: HealthCost): string {
  const lines = checks.map(({ name, status, ms }) => `${name.padEnd(32)} ${status.padEnd(8)} ${ms.toFixed(1).padStart(8)}`);
  return [
    "check                            status         ms",
    ...lines,
    `All checks on ${tables} tables: ${all_checks_ms.toFixed(0)} ms, at worst ${worst_ms.toFixed(0)} ms; `
    + `${ratio_to_catalogue.toFixed(1)} times a plain reading of the catalogue.`,
  ].join("\n");
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      tenants: { type: "string" },
      messages: { type: "string" },
      workflows: { type: "string" },
      tasks: { type: "string" },
      tables: { type: "string" },
      rounds: { type: "string" },
      jobs: { type: "string" },
      singles: { type: "string" },
      latencies: { type: "string" },
      finished: { type: "string" },
      connections: { type: "string" },
      clients: { type: "string" },
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const which = z.enum(["rls", "health", "queue", "volume"]).safeParse(positionals[0] ?? "rls");
  if (values.help || !which.success || positionals.length > 1) {
    console.log(usage);
    return values.help ? 0 : 2;
  }
  const progress = (line: string): void => console.error(line);
  const { figure, file, options } = figures[which.data];
  const isQuick = values.quick && quick[which.data] !== undefined;
  const asked = isQuick ? { ...quick[which.data], ...values } : values;
  const given = options.parse(asked);
  const measured = await withThrowAwayServer<{ text: string; content: object }>(async ({ url, adminUrl }) => {
    if (which.data === "rls") {
      const costs = await measureRlsCost(url, figures.rls.options.parse(values), progress);
      return { text: rlsTable(costs), content: { costs } };
    }
    if (which.data === "queue") {
      const lines = await measureQueues({ url, adminUrl }, figures.queue.options.parse(asked), progress);
      const standings = lines.map((line) => ({ ...line, standing: standingOf(line, OURS) }));
      return { text: standingTable(lines, OURS), content: { versions: peerVersions(), lines: standings } };
    }
    if (which.data === "volume") {
      const volume = await measureVolume({ url, adminUrl }, figures.volume.options.parse(asked), progress);
      return { text: volumeTable(volume), content: volume };
    }
    const cost = await measureHealthCost({ url, adminUrl }, figures.health.options.parse(values), progress);
    return { text: healthTable(cost), content: cost };
  }, progress, servers[which.data]);
  const result = {
    figure,
    measured_at: new Date().toISOString(),
    machine: `${os.cpus().length} x ${os.cpus()[0]?.model ?? "unknown"}, Node ${process.version}, PostgreSQL 17`,
    options: given,
    ...measured.content,
  };
  if (!isQuick) {
    mkdirSync(path.join(ROOT_DIR, "bench/results"), { recursive: true });
    writeFileSync(path.join(ROOT_DIR, "bench/results", file), `${JSON.stringify(result, null, 2)}\n`);
  }
  console.log(values.json ? JSON.stringify(result, null, 2) : measured.text);
  return 0;
}

process.exitCode = await main();
