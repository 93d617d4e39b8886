import { z } from "zod";
import type { Transact } from "../_shared/database.ts";

const delivery = z.object({
  id: z.string(),
  attempts: z.number().int().positive(),
  payload: z.object({
    event: z.enum(["opened", "raised", "reopened", "silence_ended", "acknowledged", "resolved"]),
    check: z.string(),
    key: z.string(),
    severity: z.enum(["warn", "critical"]),
    message: z.string(),
    by: z.string().nullable(),
    note: z.string().nullable(),
  }),
});

/** A row of ops.alert_deliveries that was claimed. */
export type AlertDelivery = z.infer<typeof delivery>;

/** How an attempt to tell it ended; `error` null: told. */
export interface Attempt {
  readonly responseStatus: number | null;
  readonly error: string | null;
}

/** What the handler needs of the database. */
export interface AlertQueue {
  /** Opens or resolves the alert that the checking stopped. */
  readonly watch: () => Promise<void>;
  /** How many deliveries wait. */
  readonly count: () => Promise<number>;
  /** Takes what is due, oldest first; committed before anything is posted. */
  readonly claim: (batch: number) => Promise<AlertDelivery[]>;
  /** Writes down the attempt; returns how many deliveries came into each state. */
  readonly finish: (
    deliveries: readonly AlertDelivery[],
    attempt: Attempt,
  ) => Promise<Record<string, number>>;
}

const TIMEOUT_MS = 10_000;

/**
 * The queue of deliveries in a database.
 *
 * @param transact - runs transactions there
 * @returns the operations; they throw what `transact` throws
 */
export function createAlertQueue(transact: Transact): AlertQueue {
  return {
    watch: () =>
      transact(TIMEOUT_MS, async (query) => {
        await query("select ops.watch_health_runs()");
      }),
    count: () =>
      transact(TIMEOUT_MS, async (query) => {
        const rows = await query(
          "select count(*)::int as waiting from ops.alert_deliveries where state in ('pending', 'failed')",
        );
        return z.object({ waiting: z.number() }).parse(rows[0]).waiting;
      }),
    claim: (batch) =>
      transact(TIMEOUT_MS, async (query) => {
        const rows = await query(
          "select c.id, c.attempts, c.payload from ops.claim_alert_deliveries($1) as c order by c.id",
          [batch],
        );
        return rows.map((row) => delivery.parse(row));
      }),
    finish: (deliveries, { responseStatus, error }) =>
      transact(TIMEOUT_MS, async (query) => {
        const rows = await query(
          `
          select f.state, count(*)::int as deliveries
          from unnest($1::uuid[], $2::int[]) as d (id, attempt)
          cross join lateral ops.finish_alert_delivery(d.id, d.attempt, $3, $4) as f (state)
          where f.state is not null
          group by f.state
          `,
          [
            deliveries.map(({ id }) => id),
            deliveries.map(({ attempts }) => attempts),
            responseStatus,
            error,
          ],
        );
        const counted = z.array(z.object({ state: z.string(), deliveries: z.number() }));
        return Object.fromEntries(
          counted.parse([...rows]).map((row) => [row.state, row.deliveries]),
        );
      }),
  };
}
