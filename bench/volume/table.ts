import type { Latency } from "./latency.ts";
import type { Volume } from "./volume-bench.ts";

/** What F2 allows, in milliseconds. */
export const F2 = { p95: 10, p99: 25, http_p95: 50, times_beside: 2, table_hit: 99, index_hit: 98 };

/**
 * The figures as a table, each with whether it is within F2.
 *
 * @param volume - the figures
 * @returns lines of text
 */
export function volumeTable(volume: Volume): string {
  const beside = new Map(volume.beside.latency.map((line) => [line.operation, line]));
  const http = new Map(volume.http.map((line) => [line.operation, line]));
  const ms = (value: number | undefined): string => (value === undefined ? "-" : value.toFixed(2)).padStart(8);
  const lines = volume.alone.map((line) => {
    const loaded = beside.get(line.operation);
    const over = [
      ...(isOver(line, 1) ? ["alone"] : []),
      ...(isOver(loaded, F2.times_beside) ? ["beside"] : []),
      ...((http.get(line.operation)?.p95 ?? 0) > F2.http_p95 ? ["HTTP"] : []),
    ];
    return [
      line.operation.padEnd(30), ms(line.p50), ms(line.p95), ms(line.p99), ms(line.p95_of.huge), ms(loaded?.p95),
      ms(loaded?.p99), ms(http.get(line.operation)?.p95), over.length === 0 ? "  within" : `  over: ${over.join(", ")}`,
    ].join(" ");
  });
  const { load } = volume.beside;
  const { before, after } = volume.load_average;
  const scans = volume.sequential_scans.map(({ operation, plan, tenant, relation }) =>
    `Reads ${relation} from end to end: ${operation}, ${plan} plan, ${tenant} tenant.`);
  return [
    "operation                           p50      p95      p99 p95 huge   beside      p99     HTTP",
    ...lines,
    `Cache hits: tables ${volume.cache_hit_percent.table.toFixed(2)} % (bar ${F2.table_hit}), indexes `
    + `${volume.cache_hit_percent.index.toFixed(2)} % (bar ${F2.index_hit}).`,
    `Beside: ${load.jobs_a_second.toFixed(0)} jobs a second, ${load.refreshes} refreshes of all views.`,
    `Generated in ${volume.generated_in_s} s, ${volume.database_mb} MB; load average ${before.toFixed(1)} to ${
      after.toFixed(1)
    }.`,
    ...(scans.length === 0 ? ["No sequential scan of a table above 10,000 rows."] : scans),
  ].join("\n");
}

function isOver(line: Latency | undefined, times: number): boolean {
  return line !== undefined && (line.p95 > F2.p95 * times || line.p99 > F2.p99 * times);
}
