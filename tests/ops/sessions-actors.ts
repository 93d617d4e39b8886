import postgres from "postgres";
import { z } from "zod";
import { waitFor } from "../helpers/wait.ts";

/** A connection of its own, whose transactions a test opens and leaves open. */
export interface Session {
  readonly pid: number;
  /** Names it in findings. */
  readonly key: string;
  /** Runs statements one after another, outside any transaction but those they begin. */
  readonly run: (statements: string) => Promise<void>;
  /** Begins to run statements that will wait for a lock, and comes back once they do. */
  readonly runUntilItWaits: (statements: string) => Promise<{ readonly done: Promise<string> }>;
  readonly end: () => Promise<void>;
}

const finding = z.object({
  key: z.string(),
  status: z.enum(["ok", "warn", "critical"]),
  message: z.string(),
  facts: z.record(z.string(), z.unknown()),
  remedy: z.string().nullable(),
});

/** What a check found about one thing. */
export type Finding = z.infer<typeof finding>;

const check = z.object({
  status: z.enum(["ok", "warn", "critical", "skipped", "unknown"]),
  reason: z.string().nullable(),
  findings: z.array(finding),
});

/** What a check answered. */
export type Check = z.infer<typeof check>;

/**
 * Opens a session.
 *
 * @param url - of the database
 * @param watcher - another connection, which sees whether the session waits
 * @returns the session; the test ends it
 */
export async function openSession(url: string, watcher: postgres.Sql): Promise<Session> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined, idle_timeout: 0, max_lifetime: null });
  const [me] = await sql<{ pid: number; key: string }[]>`
    select a.pid, a.pid || to_char(a.backend_start at time zone 'utc', ' YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as key
    from pg_stat_activity as a where a.pid = pg_backend_pid()
  `;
  if (me === undefined) throw new Error("The session does not see itself.");
  const run = async (statements: string): Promise<void> => {
    await sql.unsafe(statements).simple();
  };
  return {
    ...me,
    run,
    runUntilItWaits: async (statements) => {
      const done = run(statements).then(() => "done", codeOf);
      await waitFor(`wait of process ${me.pid}`, async () => {
        const rows = await watcher`select from pg_locks where pid = ${me.pid} and not granted`;
        return rows.length > 0 ? true : undefined;
      });
      return { done };
    },
    end: () => sql.end({ timeout: 0 }),
  };
}

/**
 * Runs one check as the health run does.
 *
 * @param sql - connection as postgres
 * @param name - of the check
 * @returns its answer
 */
export async function runCheck(sql: postgres.Sql, name: string): Promise<Check> {
  const [row] = await sql`select ops.run_health_check(${name}) as answer`;
  return check.parse(row?.["answer"]);
}

/**
 * Moves where a check begins to worry.
 *
 * @param sql - connection as postgres
 * @param name - check and measure, as `blocking_locks.waiting_seconds`
 * @param warn - null for the default
 * @param critical - null for the default
 */
export async function setThreshold(
  sql: postgres.Sql,
  name: string,
  warn: number | null,
  critical: number | null,
): Promise<void> {
  const [checkName = "", measure = ""] = name.split(".");
  const { count } = await sql`
    update ops.health_thresholds set warn = ${warn}, critical = ${critical}
    where check_name = ${checkName} and measure = ${measure}
  `;
  if (count !== 1) throw new Error(`There is no threshold ${name}.`);
}

/**
 * The finding with a key. Other tests work on the same server, and what they do is found as well.
 *
 * @param answer - of a check
 * @param key - of the finding
 * @returns the finding, undefined when there is none
 */
export function findingOf(answer: Check, key: string): Finding | undefined {
  if (answer.reason !== null) throw new Error(answer.reason);
  return answer.findings.find((each) => each.key === key);
}

function codeOf(error: unknown): string {
  if (error instanceof postgres.PostgresError) return error.code;
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
