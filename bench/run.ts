import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { applyMigrations } from "../scripts/stack/migrations.ts";
import { startPostgres } from "../scripts/stack/postgres/server.ts";
import { measureRlsCost, type RlsCost } from "./rls-cost.ts";

const usage = `npm run bench -- [--tenants 100] [--messages 5000] [--rounds 2000] [--json]

Measures what row level security costs (F1) on a throw-away database, prints the ratios and writes bench/results.`;

const optionsSchema = z.object({
  tenants: z.coerce.number().int().min(3).max(10_000),
  messages: z.coerce.number().int().min(100).max(1_000_000),
  rounds: z.coerce.number().int().min(100).max(1_000_000),
});

function table(costs: readonly RlsCost[]): string {
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

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      tenants: { type: "string", default: "100" },
      messages: { type: "string", default: "5000" },
      rounds: { type: "string", default: "2000" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const options = optionsSchema.parse(values);
  const progress = (line: string) => console.error(line);
  const root = path.resolve(import.meta.dirname, "..");
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "rowhouse-bench-"));
  try {
    const server = await startPostgres({ dataDir: path.join(dataDir, "postgres"), port: 0 });
    try {
      progress("Applying the migrations.");
      await applyMigrations(
        { rootDir: root, dataDir, dbPort: server.port, signal: new AbortController().signal },
        false,
      );
      const costs = await measureRlsCost(server.url, options, progress);
      const result = {
        figure: "F1",
        measured_at: new Date().toISOString(),
        machine: `${os.cpus().length} x ${os.cpus()[0]?.model ?? "unknown"}, Node ${process.version}, PostgreSQL 17`,
        options,
        costs,
      };
      mkdirSync(path.join(root, "bench/results"), { recursive: true });
      writeFileSync(path.join(root, "bench/results/rls-cost.json"), `${JSON.stringify(result, null, 2)}\n`);
      console.log(values.json ? JSON.stringify(result, null, 2) : table(costs));
      return 0;
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

process.exitCode = await main();
