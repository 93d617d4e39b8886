import pg from "pg";
import { databaseUrl } from "../database-url.ts";

// The migrations take execute on new functions from everybody; the tests act as the API roles and
// call pgTAP as them. Granted once here, it has not to be granted by each file.
const INSTALL_PGTAP = `
  alter default privileges grant execute on functions to public;
  create extension if not exists pgtap with schema extensions;
  alter default privileges revoke execute on functions from public`;

/** Databases to run on, and how to be rid of them. */
export interface Clones {
  readonly urls: readonly string[];
  drop(): Promise<void>;
}

/**
 * Copies of a database for the time of a run. Two files on one database would wait for each
 * other (both create the same schema), and pgTAP has to be installed once only in a copy.
 * A database in use cannot be copied: then the answer is the database itself, once.
 *
 * @param url - the database, as a role that may create databases
 * @param count - how many copies
 * @returns the addresses of the copies
 */
export async function cloneDatabase(url: string, count: number): Promise<Clones> {
  const source = decodeURIComponent(new URL(url).pathname.slice(1));
  const names = Array.from({ length: count }, (_, place) => `${source}_tap_${process.pid}_${place + 1}`);
  const maintenance = databaseUrl(url, source === "postgres" ? "template1" : "postgres");
  const drop = (): Promise<void> => withClient(maintenance, async (client) => {
    for (const name of names) await client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
  });
  try {
    await withClient(maintenance, async (client) => {
      for (const name of names) {
        await client.query(
          `create database ${pg.escapeIdentifier(name)} template ${pg.escapeIdentifier(source)}`,
        );
      }
    });
  } catch (error) {
    await drop();
    if (!(error instanceof pg.DatabaseError) || error.code !== "55006") throw error;
    return { urls: [url], drop: () => Promise.resolve() };
  }
  const urls = names.map((name) => databaseUrl(url, name));
  for (const clone of urls) {
    await withClient(clone, (client) => client.query(INSTALL_PGTAP));
  }
  return { urls, drop };
}

async function withClient(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
