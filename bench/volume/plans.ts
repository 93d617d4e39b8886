import type { Client } from "pg";
import { z } from "zod";
import type { VolumeCaller } from "./callers.ts";
import type { VolumeOperation } from "./operations.ts";
import { asMember } from "./request.ts";

/** A table that an operation read from end to end. */
export interface SequentialScan {
  readonly operation: string;
  readonly plan: "custom" | "generic";
  readonly tenant: string;
  readonly relation: string;
}

interface PlanNode {
  readonly "Node Type": string;
  readonly Schema?: string | undefined;
  readonly "Relation Name"?: string | undefined;
  readonly Plans?: readonly PlanNode[] | undefined;
}

const planNode: z.ZodType<PlanNode> = z.lazy(() =>
  z.object({
    "Node Type": z.string(),
    Schema: z.string().optional(),
    "Relation Name": z.string().optional(),
    Plans: z.array(planNode).optional(),
  }),
);
const planRow = z.object({ "QUERY PLAN": z.tuple([z.object({ Plan: planNode })]) });
const scanRow = z.object({ relation: z.string() });

/**
 * Looks for sequential scans of large tables: in the plan of each operation, made for its values and made for any, and
 * in what the server counted while it ran, which sees into the functions.
 *
 * @param client - a connection as postgres
 * @param callers - who asks
 * @param operations - what for
 * @param largest - rows up to which a table may be read from end to end
 * @returns the scans; none is as it should be
 */
export async function findSequentialScans(
  client: Client, callers: readonly VolumeCaller[], operations: readonly VolumeOperation[], largest: number,
): Promise<readonly SequentialScan[]> {
  const { rows } = await client.query(
    `select relid::regclass::text as relation from pg_stat_user_tables join pg_class on oid = relid
     where reltuples > $1`,
    [largest],
  );
  const large = new Set(rows.map((row) => scanRow.parse(row).relation));
  const found: SequentialScan[] = [];
  for (const caller of callers) {
    for (const operation of operations) {
      for (const plan of ["custom", "generic"] as const) {
        await client.query("begin");
        await asMember(client, caller, operation);
        // In the place of what private.check_request sets: it must hold for whoever asks past the API, too.
        await client.query(`set local plan_cache_mode = force_${plan}_plan; set local enable_seqscan = on`);
        await client.query(`prepare looked_at as ${operation.text}`);
        const call = `execute looked_at(${operation.values(caller, 0).map((value) => `'${value}'`).join(", ")})`;
        const planned = await client.query(`explain (format json, verbose) ${call}`);
        const [{ Plan: root }] = planRow.parse(planned.rows[0])["QUERY PLAN"];
        const scanned = scansOf(root);
        await client.query(call);
        await client.query("reset role");
        const counted = await client.query(
          "select relid::regclass::text as relation from pg_stat_xact_user_tables where seq_scan > 0",
        );
        for (const row of counted.rows) scanned.add(scanRow.parse(row).relation);
        await client.query("deallocate looked_at");
        await client.query("rollback");
        for (const relation of scanned) {
          if (large.has(relation)) found.push({ operation: operation.name, plan, tenant: caller.size, relation });
        }
      }
    }
  }
  return found;
}

function scansOf(node: PlanNode): Set<string> {
  const inside = (node.Plans ?? []).flatMap((child) => [...scansOf(child)]);
  const own = /^(Parallel )?Seq Scan$/.test(node["Node Type"]) && node["Relation Name"] !== undefined
    ? [node.Schema === "public" ? node["Relation Name"] : `${node.Schema ?? ""}.${node["Relation Name"]}`]
    : [];
  return new Set([...own, ...inside]);
}
