import { createClient } from "@supabase/supabase-js";
import type { Database } from "../../types/database.ts";
import type { HealthSource } from "./health-source.ts";
import { MonitorError } from "./monitor-error.ts";

/**
 * Asks through the API, with the secret key. Maintenance is what SQL can do in one call: VACUUM and
 * REINDEX need a connection of their own (see database-source).
 *
 * @param supabaseUrl - such as `https://<ref>.supabase.co`
 * @param secretKey - the secret key; it opens everything, so never in a browser
 * @returns the source
 */
export function createApiSource(supabaseUrl: string, secretKey: string): HealthSource {
  const ops = createClient<Database>(supabaseUrl, secretKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
  }).schema("ops");
  return {
    check: (signal) => answerOf(ops.rpc("database_health_check").abortSignal(signal)),
    maintain: (mode, signal) => answerOf(ops.rpc("run_database_maintenance", { mode }).abortSignal(signal)),
  };
}

interface Outcome {
  readonly data: unknown;
  readonly error: { readonly code?: string; readonly message: string } | null;
}

async function answerOf(call: PromiseLike<Outcome>): Promise<unknown> {
  const { data, error } = await call;
  if (error === null) return data;
  const code = error.code === undefined || error.code === "" ? "" : ` (${error.code})`;
  throw new MonitorError("no_answer", `The API answered: ${error.message}${code}.`);
}
