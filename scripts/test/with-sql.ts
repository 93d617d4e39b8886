import postgres from "postgres";

/**
 * Works on a database over one connection, which is closed afterwards.
 *
 * @param url - address of the database
 * @param work - what to do
 * @returns what it returned
 */
export async function withSql<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
