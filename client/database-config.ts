import type pg from "pg";

const CONNECT_TIMEOUT_MS = 15_000;

/**
 * The settings of a connection to a database.
 *
 * @param databaseUrl - postgresql://user:password@host:port/database
 * @param applicationName - shown in pg_stat_activity
 * @returns the settings; null when the address is none: the driver's own complaint would quote it with its password
 */
export function databaseConfigOf(databaseUrl: string, applicationName: string): pg.ClientConfig | null {
  if (!/^postgres(ql)?:\/\/[^/]/.test(databaseUrl) || !URL.canParse(databaseUrl)) return null;
  const url = new URL(databaseUrl);
  const isLocal = /^(localhost|\[::1\]|127(\.\d{1,3}){3})$/.test(url.hostname);
  return {
    connectionString: databaseUrl,
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    // A password does not cross a network in the clear unless the address says so.
    ...(isLocal || url.searchParams.has("sslmode") ? {} : { ssl: { rejectUnauthorized: false } }),
  };
}
