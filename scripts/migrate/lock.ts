import { setTimeout as sleep } from "node:timers/promises";
import type postgres from "postgres";
import { z } from "zod";
import { MigrateError } from "./migrate-error.ts";
import { connect, type Target } from "./target.ts";

// The first half says "Rowhouse", the second "migrations": no other program's lock has this key.
const LOCK_CLASS = 0x726f7768;
const LOCK_ID = 0x6d696772;

const holderShape = z.object({
  pid: z.number(),
  application: z.string().nullable(),
  since: z.string().nullable(),
  from: z.string().nullable(),
});

/** Options of `withMigrationLock`. */
export interface LockOptions {
  /** What the holder is doing, for whoever is refused: "up", "reset", "start". */
  readonly command: string;
  /** Wait for another run to end instead of failing. */
  readonly wait?: boolean;
  /** Told once, when it has to wait. */
  readonly onWait?: (holder: string) => void;
  /** Longest wait for a lock on a table, as PostgreSQL writes it. Default 10s. */
  readonly lockTimeout?: string;
}

/**
 * Runs work while no other run can change the schema of the same database. The lock belongs to a
 * session of its own: the server frees it when this process ends, however it ends.
 *
 * @param target - the database
 * @param options - see LockOptions
 * @param work - gets the connection that holds the lock
 * @returns what the work returns
 * @throws MigrateError `locked`, naming the holder
 */
export async function withMigrationLock<T>(
  target: Target,
  options: LockOptions,
  work: (sql: postgres.Sql) => Promise<T>,
): Promise<T> {
  const sql = connect(target, {
    application_name: `rowhouse migrate ${options.command} (pid ${process.pid})`,
    lock_timeout: options.lockTimeout ?? "10s",
    ...noticeDeath(target),
  });
  try {
    let hasTold = false;
    while (!(await tryLock(sql))) {
      const holder = await describeHolder(sql);
      if (options.wait !== true) {
        throw new MigrateError(
          "locked",
          `Another run is changing ${target.label}: ${holder}. Try again when it has ended, or add --wait.`,
        );
      }
      if (!hasTold) options.onWait?.(holder);
      hasTold = true;
      await sleep(250);
    }
    return await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/**
 * Without it a server in the middle of a statement learns only at its end that this process was
 * killed. Servers on Windows, which hosted projects never run on, do not have it.
 */
function noticeDeath(target: Target): Record<string, string> {
  return target.isLocal && process.platform === "win32" ? {} : { client_connection_check_interval: "1s" };
}

async function tryLock(sql: postgres.Sql): Promise<boolean> {
  const rows = await sql`select pg_try_advisory_lock(${LOCK_CLASS}, ${LOCK_ID}) as is_held`;
  return z.object({ is_held: z.boolean() }).parse(rows[0]).is_held;
}

async function describeHolder(sql: postgres.Sql): Promise<string> {
  const rows = await sql`
    select a.pid, a.application_name as application,
      to_char(a.backend_start at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS') as since,
      host(a.client_addr) as from
    from pg_locks as l
    join pg_stat_activity as a on a.pid = l.pid
    where l.locktype = 'advisory'
      and l.classid = ${LOCK_CLASS}
      and l.objid = ${LOCK_ID}
      and l.objsubid = 2
      and l.granted
      and l.database = (select d.oid from pg_database as d where d.datname = current_database())
  `;
  // It may have ended between the two questions.
  if (rows[0] === undefined) return "it has just ended";
  const holder = holderShape.parse(rows[0]);
  return `${holder.application ?? "unknown program"} since ${holder.since ?? "unknown"} UTC, from ${
    holder.from ?? "this machine"
  }, server process ${holder.pid}`;
}
