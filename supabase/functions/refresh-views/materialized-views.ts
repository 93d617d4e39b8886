import { z } from "zod";
import type { Transact } from "../_shared/database.ts";

/** A materialized view of schema private. */
export interface MaterializedView {
  readonly name: string;
  /** Whether it can be read while it is refreshed. */
  readonly is_concurrent: boolean;
}

/** A row of ops.view_refreshes: how a refresh went. */
export type ViewRefresh = z.infer<typeof viewRefresh>;

/** A refresh that broke off and so left no row of its own. */
export interface BrokenRefresh {
  readonly view: MaterializedView;
  readonly duration_ms: number;
  readonly code: string;
  readonly message: string;
}

/** What the handler needs of the database. */
export interface MaterializedViews {
  /** All views, the one whose last refresh began longest ago first. */
  readonly list: () => Promise<MaterializedView[]>;
  /** Refreshes one view in a transaction of its own. */
  readonly refresh: (name: string, timeoutMs: number) => Promise<ViewRefresh>;
  /** Writes down a refresh that broke off. */
  readonly record: (broken: BrokenRefresh) => Promise<void>;
}

const STATEMENT_TIMEOUT_MS = 10_000;
const materializedView = z.object({ name: z.string(), is_concurrent: z.boolean() });
const viewRefresh = z.object({
  // bigint and numeric arrive as text.
  row_count: z.coerce.number().nullable(),
  duration_ms: z.coerce.number(),
  is_concurrent: z.boolean(),
  error_code: z.string().nullable(),
  error: z.string().nullable(),
});

/**
 * The materialized views in a database.
 *
 * @param transact - runs transactions there
 * @returns the operations; they throw what `transact` throws
 */
export function createMaterializedViews(transact: Transact): MaterializedViews {
  return {
    list: () =>
      transact(STATEMENT_TIMEOUT_MS, async (query) => {
        const rows = await query(`
          select l.name, l.is_concurrent
          from ops.list_materialized_views() as l
          left join lateral (
            select r.started_at
            from ops.view_refreshes as r
            where r.view_name = l.name
            order by r.started_at desc
            limit 1
          ) as last on true
          order by last.started_at nulls first, l.name
        `);
        return rows.map((row) => materializedView.parse(row));
      }),
    refresh: (name, timeoutMs) =>
      transact(timeoutMs, async (query) => {
        const rows = await query("select * from ops.refresh_materialized_view($1)", [name]);
        return viewRefresh.parse(rows[0]);
      }),
    record: ({ view, duration_ms, code, message }) =>
      transact(STATEMENT_TIMEOUT_MS, async (query) => {
        await query(
          `
          insert into ops.view_refreshes
            (view_name, started_at, duration_ms, is_concurrent, error_code, error)
          values ($1, clock_timestamp() - make_interval(secs => $2::float8 / 1000), $2::float8, $3, $4, $5)
          `,
          [view.name, duration_ms, view.is_concurrent, code, message],
        );
      }),
  };
}
