import pg from "pg";
import { runMaintenance } from "../../supabase/functions/_shared/maintenance/run-maintenance.ts";
import { databaseConfigOf } from "../database-config.ts";
import type { HealthSource } from "./health-source.ts";
import { MonitorError } from "./monitor-error.ts";

// Asked of the server too, so that a check whose caller is gone does not go on there.
const CHECK_TIMEOUT_MS = 60_000;

/**
 * Asks over a connection to the database, opened for each question: between two checks a kept one
 * would take a place from the tenants, or have gone stale.
 *
 * @param databaseUrl - postgresql://user:password@host:port/database, as `postgres`
 * @returns the source
 * @throws MonitorError `misconfigured` for an address that is none
 */
export function createDatabaseSource(databaseUrl: string): HealthSource {
  const config = configOf(databaseUrl);
  return {
    check: (signal) =>
      withClient({ ...config, statement_timeout: CHECK_TIMEOUT_MS }, signal, async (client) => {
        const { rows } = await client.query<{ result: unknown }>("select ops.database_health_check() as result");
        return rows[0]?.result;
      }),
    maintain: (mode, signal) =>
      withClient(config, signal, (client) =>
        runMaintenance({
          mode,
          signal,
          query: async (text, values = []) => (await client.query<Record<string, unknown>>(text, [...values])).rows,
        })),
  };
}

function configOf(databaseUrl: string): pg.ClientConfig {
  const config = databaseConfigOf(databaseUrl, "rowhouse monitor");
  if (config !== null) return config;
  throw new MonitorError("misconfigured", "The database address is not postgresql://user:password@host:port/database.");
}

async function withClient<T>(
  config: pg.ClientConfig,
  signal: AbortSignal,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const client = new pg.Client(config);
  // A connection lost between two statements; the next one says so.
  client.on("error", () => undefined);
  // With a statement under way this cuts the connection, and the statement fails.
  const cut = (): void => void client.end().catch(() => undefined);
  signal.addEventListener("abort", cut, { once: true });
  try {
    await client.connect();
    return await work(client);
  } finally {
    signal.removeEventListener("abort", cut);
    if (!signal.aborted) await client.end();
  }
}
