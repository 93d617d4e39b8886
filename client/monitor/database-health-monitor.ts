import {
  createDatabaseHealthMonitor,
  type DatabaseHealthMonitor,
  type MonitorTarget,
} from "./create-database-health-monitor.ts";
import { MonitorError } from "./monitor-error.ts";

/**
 * The monitor of the database that the environment names: `SUPABASE_DB_URL`, or `SUPABASE_URL` with
 * `SUPABASE_SECRET_KEY`. It reads them at the first call, and writes changes of status and failures
 * to standard error. For hooks of your own: createDatabaseHealthMonitor.
 */
export const databaseHealthMonitor: DatabaseHealthMonitor = {
  startMonitoring: (minutes) => monitor().startMonitoring(minutes),
  stopMonitoring: async () => await made?.stopMonitoring(),
  getHealthStatus: async () => await monitor().getHealthStatus(),
  performMaintenance: async (mode) => await monitor().performMaintenance(mode),
};

let made: DatabaseHealthMonitor | undefined;

function monitor(): DatabaseHealthMonitor {
  return made ??= createDatabaseHealthMonitor(targetFrom(process.env), {
    onChange: ({ status, reason }, previous) =>
      console.error(
        `database health: ${previous?.status ?? "first look"} -> ${status}${reason === null ? "" : `: ${reason}`}`,
      ),
    onError: ({ code, message }) => console.error(`database health: ${code}: ${message}`),
  });
}

function targetFrom(env: NodeJS.ProcessEnv): MonitorTarget {
  const databaseUrl = env["SUPABASE_DB_URL"] ?? "";
  if (databaseUrl !== "") return { databaseUrl };
  const supabaseUrl = env["SUPABASE_URL"] ?? "";
  const secretKey = env["SUPABASE_SECRET_KEY"] ?? "";
  if (supabaseUrl !== "" && secretKey !== "") return { supabaseUrl, secretKey };
  throw new MonitorError("misconfigured", "Set SUPABASE_DB_URL, or SUPABASE_URL and SUPABASE_SECRET_KEY.");
}
