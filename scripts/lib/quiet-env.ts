import path from "node:path";

/**
 * The environment of the programs the stack calls: no telemetry, no update notes, no colours, and
 * nothing written to the user's home.
 *
 * @param dataDir - the stack's data folder
 * @returns a copy of this process's environment with those settings
 */
export function quietEnv(dataDir: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    SUPABASE_HOME: path.join(dataDir, "supabase-home"),
    SUPABASE_TELEMETRY_DISABLED: "1",
    SUPABASE_NO_UPDATE_NOTIFIER: "1",
    DO_NOT_TRACK: "1",
    LITE_TELEMETRY: "0",
    DENO_NO_UPDATE_CHECK: "1",
    // Without it the CLI remarks on every connection to loopback that it has no TLS.
    PGSSLMODE: "disable",
    NO_COLOR: "1",
  };
}
