import pg from "pg";
import { afterEach } from "vitest";
import {
  type MaintenanceOptions,
  runMaintenance,
} from "../../supabase/functions/_shared/maintenance/run-maintenance.ts";
import type { MaintenanceReport, MaintenanceStep } from "../../supabase/functions/_shared/maintenance/shapes.ts";

const open = new Set<pg.Client>();

afterEach(async () => {
  for (const client of open) await client.end();
  open.clear();
});

/**
 * Opens a session of its own; ended after the test.
 *
 * @param url - the database
 * @returns the session
 */
export async function openSession(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  // Sessions are also ended from outside.
  client.on("error", () => undefined);
  await client.connect();
  open.add(client);
  return client;
}

/**
 * Makes a run over a session.
 *
 * @param client - the session
 * @param options - the mode and what else the run takes
 * @returns the run
 * @throws what runMaintenance throws
 */
export function maintain(
  client: pg.Client,
  options: Omit<MaintenanceOptions, "query">,
): Promise<MaintenanceReport> {
  return runMaintenance({
    ...options,
    query: async (text, values = []) => (await client.query<Record<string, unknown>>(text, [...values])).rows,
  });
}

/**
 * The steps of a run that are about one thing, as "name status code".
 *
 * @param report - the run
 * @param target - table, index or view
 * @returns a text for each
 */
export function stepsOf(report: { readonly steps: readonly MaintenanceStep[] }, target: string): string[] {
  return report.steps.filter((step) => step.target === target)
    .map(({ name, status, error_code }) => [name, status, error_code].filter((word) => word !== null).join(" "));
}
