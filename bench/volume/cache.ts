import type { Client } from "pg";
import { z } from "zod";

const countersRow = z.object({
  table_hit: z.coerce.number(),
  table_read: z.coerce.number(),
  index_hit: z.coerce.number(),
  index_read: z.coerce.number(),
});

/** Blocks of tables and indexes that were asked for since the server began to count. */
export type BlockCounters = z.infer<typeof countersRow>;

/**
 * Reads the counters of all tables.
 *
 * @param client - a connection as postgres
 * @returns the counters
 */
export async function readBlocks(client: Client): Promise<BlockCounters> {
  const { rows } = await client.query(`
    select coalesce(sum(heap_blks_hit), 0) as table_hit, coalesce(sum(heap_blks_read), 0) as table_read,
      coalesce(sum(idx_blks_hit), 0) as index_hit, coalesce(sum(idx_blks_read), 0) as index_read
    from pg_statio_user_tables
  `);
  return countersRow.parse(rows[0]);
}

/**
 * The share of blocks that were in the cache.
 *
 * @param before - the counters before the work
 * @param after - after it
 * @returns percent, of tables and of indexes
 */
export function hitRatios(
  before: BlockCounters,
  after: BlockCounters,
): { readonly table: number; readonly index: number } {
  const ratio = (hit: number, read: number): number => (hit + read === 0 ? 100 : (100 * hit) / (hit + read));
  return {
    table: ratio(after.table_hit - before.table_hit, after.table_read - before.table_read),
    index: ratio(after.index_hit - before.index_hit, after.index_read - before.index_read),
  };
}
