/**
 * The address of another database on the same server.
 *
 * @param url - address of a database
 * @param database - name of the other one
 * @returns its address, with the same role
 */
export function databaseUrl(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${encodeURIComponent(database)}`;
  return other.href;
}
