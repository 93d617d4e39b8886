import pg from "pg";
import type { BenchServer } from "./contestant.ts";

/**
 * Makes an empty database that belongs to postgres.
 *
 * @param server - the server to make it on
 * @param name - its name, an identifier
 * @returns its address, as postgres
 */
export async function createDatabase(server: BenchServer, name: string): Promise<string> {
  const admin = new pg.Client(server.adminUrl);
  await admin.connect();
  try {
    await admin.query(`create database ${name} owner postgres template template0`);
  } finally {
    await admin.end();
  }
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  return url.href;
}

/**
 * A pool that grows to its size at once, so that no measurement pays for opening connections.
 *
 * @param url - the database
 * @param connections - how many
 * @returns the pool, all connections open and free
 */
export async function openPool(url: string, connections: number): Promise<pg.Pool> {
  const pool = new pg.Pool({ connectionString: url, max: connections, idleTimeoutMillis: 0 });
  const report = (error: Error): void => console.error(error.message);
  pool.on("error", report);
  pool.on("connect", (client) => client.on("error", report));
  const clients = await Promise.all(Array.from({ length: connections }, () => pool.connect()));
  for (const client of clients) client.release();
  return pool;
}

/**
 * A count that the database answers.
 *
 * @param pool - where to ask
 * @param query - answers one row with one column `count`
 * @returns the number
 */
export async function countOf(pool: pg.Pool, query: string): Promise<number> {
  const { rows } = await pool.query<{ count: string }>(query);
  return Number(rows[0]?.count);
}
