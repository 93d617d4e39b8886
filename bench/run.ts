import { mkdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { type HealthCost, measureHealthCost } from "./health-cost.ts";
import { ROOT_DIR, withThrowAwayServer } from "./lib/throw-away-server.ts";
import { measureRlsCost, type RlsCost } from "./rls-cost.ts";

const usage = `npm run bench -- [rls | health] [options]

Measures on a throw-away database, prints the ratios and writes bench/results.

  rls       what row level security costs (F1): --tenants 100 --messages 5000 --rounds 2000
  health    what all health checks cost (P1):   --tables 300 --rounds 20
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
};

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
      tables: { type: "string" },
      rounds: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const which = z.enum(["rls", "health"]).safeParse(positionals[0] ?? "rls");
  if (values.help || !which.success || positionals.length > 1) {
    console.log(usage);
    return values.help ? 0 : 2;
  }
  const progress = (line: string): void => console.error(line);
  const { figure, file, options } = figures[which.data];
  const given = options.parse(values);
  const measured = await withThrowAwayServer<{ text: string; content: object }>(async ({ url, adminUrl }) => {
    if (which.data === "rls") {
      const costs = await measureRlsCost(url, figures.rls.options.parse(values), progress);
      return { text: rlsTable(costs), content: { costs } };
    }
    const cost = await measureHealthCost({ url, adminUrl }, figures.health.options.parse(values), progress);
    return { text: healthTable(cost), content: cost };
  }, progress);
  const result = {
    figure,
    measured_at: new Date().toISOString(),
    machine: `${os.cpus().length} x ${os.cpus()[0]?.model ?? "unknown"}, Node ${process.version}, PostgreSQL 17`,
    options: given,
    ...measured.content,
  };
  mkdirSync(path.join(ROOT_DIR, "bench/results"), { recursive: true });
  writeFileSync(path.join(ROOT_DIR, "bench/results", file), `${JSON.stringify(result, null, 2)}\n`);
  console.log(values.json ? JSON.stringify(result, null, 2) : measured.text);
  return 0;
}

process.exitCode = await main();
