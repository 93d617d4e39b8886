import pg from "pg";
import { FunctionError } from "./function-error.ts";
import type { Query } from "./query.ts";

export type { Query };

/** Runs its work over one connection, each statement for itself, and waits so long for an answer. */
export type Connect = <T>(patienceMs: number, work: (query: Query) => Promise<T>) => Promise<T>;

/** Runs its work in a transaction whose statements take so many milliseconds each at most. */
export type Transact = <T>(timeoutMs: number, work: (query: Query) => Promise<T>) => Promise<T>;

const VARIABLE = "SUPABASE_DB_URL";
const LOCK_TIMEOUT_MS = 5_000;
const CONNECT_TIMEOUT_MS = 10_000;
// The server ends a statement in time; this is for a server that no longer answers.
const SILENCE_MS = 5_000;
const GOODBYE_MS = 1_000;

/**
 * Prepares connections to the project's database. Each call has one of its own: a schedule calls
 * every few minutes, when a kept one would have gone stale, and none is taken from the tenants
 * between two calls.
 *
 * The driver is pg because postgres 3.4.9 ends the whole process, past every catch, when the
 * database closes a connection during its `begin` (porsager/postgres#1208).
 *
 * @param functionName - shown in pg_stat_activity
 * @returns the connections. They throw the database's errors as they are, and FunctionError
 *   `misconfigured` or `database_unavailable`
 */
export function createConnect(functionName: string): Connect {
  return async (patienceMs, work) => {
    const client = new pg.Client({
      connectionString: addressFromEnvironment(),
      application_name: `rowhouse ${functionName}`,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: patienceMs,
    });
    // A connection lost between two statements; the next one says so.
    client.on("error", () => undefined);
    const query: Query = async (text, values = []) => {
      const { rows } = await answered(client.query<Record<string, unknown>>(text, [...values]));
      return rows;
    };
    try {
      await answered(client.connect());
      return await work(query);
    } finally {
      // Rolls back what was not committed.
      await goodbye(client);
    }
  };
}

/**
 * Prepares transactions on the project's database, each over a connection of its own.
 *
 * @param functionName - shown in pg_stat_activity
 * @returns the transactions; they throw what `createConnect` says
 */
export function createTransact(functionName: string): Transact {
  const connect = createConnect(functionName);
  return (timeoutMs, work) => {
    const statementTimeout = Math.max(1, Math.floor(timeoutMs));
    return connect(statementTimeout + SILENCE_MS, async (query) => {
      await query("begin");
      // Local to the transaction, so that no pooler hands them on to somebody else.
      await query(
        "select set_config('statement_timeout', $1, true), set_config('lock_timeout', $2, true)",
        [`${statementTimeout}ms`, `${LOCK_TIMEOUT_MS}ms`],
      );
      const result = await work(query);
      await query("commit");
      return result;
    });
  };
}

function addressFromEnvironment(): string {
  const url = Deno.env.get(VARIABLE);
  if (url === undefined || url === "") {
    throw new FunctionError("misconfigured", `${VARIABLE} is not set.`);
  }
  // The driver's own complaint would quote the address with its password into the log.
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) {
    throw new FunctionError("misconfigured", `${VARIABLE} is not an address of PostgreSQL.`);
  }
  return url;
}

// What is no answer of the database means that it could not be reached, or is gone.
async function answered<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof pg.DatabaseError) throw cause;
    throw new FunctionError("database_unavailable", "The database does not answer.", { cause });
  }
}

async function goodbye(client: pg.Client): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<void>((resolve) => timer = setTimeout(resolve, GOODBYE_MS));
  await Promise.race([client.end().catch(() => undefined), patience]);
  clearTimeout(timer);
}
