import { setTimeout as sleep } from "node:timers/promises";
import { App } from "@supabase/lite";
import postgres from "postgres";
import { StackError } from "../../lib/stack-error.ts";
import { errorAnswer } from "./answers.ts";
import { openConnection, type RequestSettings, servedSchemas } from "./connection.ts";
import { readPreRequest } from "./pre-request.ts";
import { readRoleTimeouts } from "./role-timeouts.ts";

/** Keys of the API; the same kinds as on a hosted project. */
export interface ApiKeys {
  readonly publishable_key: string;
  readonly secret_key: string;
  /** Signs the tokens of signed-in users (HS256). */
  readonly jwt_secret: string;
}

/** REST and Auth over one state of the schema. */
export interface Backend {
  /** Answers a request. */
  readonly fetch: (request: Request, peerAddress: string | null) => Promise<Response>;
  /**
   * Waits for the requests it is answering, then closes its connections. What is not answered after
   * the given time gets 503: when the server died, the driver may leave a request waiting forever.
   */
  readonly retire: (patienceMs?: number) => Promise<void>;
}

/** Longer than the time limit of any request. */
const PATIENCE_MS = 10_000;
const CLOSE_MS = 2_000;

/**
 * Builds REST and Auth over the database's present schema and the settings of its roles. Both are read
 * once, so changed ones need a new backend.
 *
 * @param dbUrl - the database as `postgres`
 * @param keys - API keys and token secret
 * @returns the backend
 * @throws StackError `api_failed`, or the driver's error when the database cannot be read
 */
export async function createBackend(dbUrl: string, keys: ApiKeys): Promise<Backend> {
  const sql = postgres(dbUrl, { max: 1, onnotice: () => undefined });
  const settings = await readSettings(sql).finally(() => sql.end({ timeout: 1 }));
  const connection = openConnection(asApiLogin(dbUrl), settings);
  const app = new App({
    connection,
    api: { enabled: true, schemas: [...servedSchemas], extra_search_path: ["public", "extensions"], max_rows: 1000 },
    auth: {
      enabled: true,
      site_url: "http://127.0.0.1:3000",
      jwt_secret: keys.jwt_secret,
      jwt_expiry: 3600,
      enable_signup: true,
      publishable_key: keys.publishable_key,
      secret_key: keys.secret_key,
      email: { enable_confirmations: false },
    },
    options: { server: { admin: false } },
  });
  try {
    const { tables } = await connection.introspect({ useCache: true });
    // Lite hides a failure as an empty schema; auth.users is always there.
    if (tables.length === 0) throw new StackError("api_failed", "The schema could not be read.");
  } catch (error) {
    await connection.close();
    throw error;
  }
  // What ends each running request by force.
  const running = new Set<() => void>();
  return {
    fetch: (request, peerAddress) =>
      new Promise((resolve, reject) => {
        const abandon = (): void =>
          resolve(errorAnswer(503, "PGRST001", "The database did not answer. Try again."));
        running.add(abandon);
        app
          .fetch(request, { peerAddress })
          .finally(() => running.delete(abandon))
          .then(resolve, reject);
      }),
    retire: async (patienceMs = PATIENCE_MS) => {
      const deadline = Date.now() + patienceMs;
      while (running.size > 0 && Date.now() < deadline) await sleep(20);
      for (const abandon of running) abandon();
      await Promise.race([connection.close(), sleep(CLOSE_MS, undefined, { ref: false })]);
    },
  };
}

async function readSettings(sql: postgres.Sql): Promise<RequestSettings> {
  return { timeouts: await readRoleTimeouts(sql), preRequest: await readPreRequest(sql) };
}

function asApiLogin(dbUrl: string): string {
  const url = new URL(dbUrl);
  url.username = "lite_api";
  url.password = "lite";
  return url.href;
}
