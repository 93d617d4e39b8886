import { createPostgresConnection, type PostgresConnection } from "@supabase/lite/postgres";
import { Kysely, sql } from "kysely";
import { z } from "zod";
import { StackError } from "../../lib/stack-error.ts";
import { expectInConsole } from "./console-filter.ts";
import { toPostgrestError } from "./error-mapping.ts";
import { currentRequestScope } from "./request-scope.ts";
import type { RoleTimeouts } from "./role-timeouts.ts";
import { wireTypes } from "./wire-types.ts";

/** The schemas the API serves: what supabase/config.toml says. */
export const servedSchemas = ["public", "ops"] as const;

/** What every request finds set, as PostgREST sets it. */
export interface RequestSettings {
  /** Time limits by role. */
  readonly timeouts: ReadonlyMap<string, RoleTimeouts>;
  /** The function to call before the request, in parts; null for none. */
  readonly preRequest: readonly string[] | null;
}

const requestVars = z.object({ auth: z.object({ role: z.string().optional() }).optional() });

/**
 * Opens lite's database connection, bent to behave like PostgREST on a hosted project.
 *
 * Three things cannot be configured and are set on the object itself; each is checked, so that an
 * update of lite which moves them fails at start instead of changing behaviour:
 * - `rlsState`: lite would otherwise run `grant all` on every table with row security at the first
 *   request, which makes every test of grants void;
 * - `applyJwtSessionContext`: sets role and claims; the role's time limits and the request's words are added, and the
 *   database's own check is called, all as PostgREST does;
 * - `normalizeDbError`: the status of the answer.
 *
 * @param url - database address of the login `lite_api`
 * @param settings - see RequestSettings
 * @returns the connection, not yet used
 * @throws StackError `api_failed` when lite has changed
 */
export function openConnection(url: string, settings: RequestSettings): PostgresConnection {
  const connection = createPostgresConnection({
    url,
    postgresOptions: {
      max: 8,
      onnotice: () => undefined,
      connection: { search_path: "public, extensions", application_name: "rowhouse-api" },
      types: wireTypes,
    },
  });
  if (!Reflect.has(connection, "rlsState")) throw changed("rlsState");
  Reflect.set(connection, "rlsState", "active");

  const applyContext = methodOf(connection, "applyJwtSessionContext");
  const applyAll = async (transaction: unknown, vars: unknown, known: unknown): Promise<void> => {
    await applyContext(transaction, vars, known);
    const parsed = requestVars.safeParse(vars);
    const role = (parsed.success ? parsed.data.auth?.role : undefined) ?? "anon";
    await beginRequest(transaction, settings.timeouts.get(role) ?? { statement: "8s", lock: "8s" }, settings.preRequest);
  };
  Reflect.set(connection, "applyJwtSessionContext", applyAll);

  // Lite finds a table by its name alone: with auth.users in sight, users(*) asked public.users for auth's columns.
  const introspect = connection.introspect.bind(connection);
  connection.introspect = async (options) => onlyServed(await introspect(options));

  const normalize = connection.normalizeDbError.bind(connection);
  connection.normalizeDbError = (error) => {
    const answer = toPostgrestError(normalize(error));
    expectInConsole(answer);
    return answer;
  };
  return connection;
}

function onlyServed<T extends object>(schema: T): T {
  const isServed = (item: unknown): boolean =>
    typeof item !== "object" || item === null || !("schema" in item) || servedSchemas.some((served) => served === item.schema);
  const lists = Object.entries(schema).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.filter(isServed) : value,
  ]);
  return Object.assign({}, schema, Object.fromEntries(lists));
}

async function beginRequest(
  transaction: unknown,
  timeouts: RoleTimeouts,
  preRequest: RequestSettings["preRequest"],
): Promise<void> {
  if (!(transaction instanceof Kysely)) throw changed("the transaction of a request");
  const scope = currentRequestScope();
  // Going on would leave the check out.
  if (scope === undefined) throw changed("where the transaction of a request begins");
  await sql`
    select set_config('statement_timeout', ${timeouts.statement}, true),
      set_config('lock_timeout', ${timeouts.lock}, true),
      set_config('request.method', ${scope.method}, true),
      set_config('request.path', ${scope.path}, true),
      set_config('request.headers', ${JSON.stringify(scope.headers)}, true)
  `.execute(transaction);
  if (preRequest !== null) await sql`select ${sql.id(...preRequest)}()`.execute(transaction);
}

function methodOf(target: object, name: string): (...args: unknown[]) => unknown {
  const method: unknown = Reflect.get(target, name);
  if (typeof method !== "function") throw changed(name);
  return (...args) => Reflect.apply(method, target, args);
}

function changed(what: string): StackError {
  return new StackError(
    "api_failed",
    `@supabase/lite has changed (${what}): scripts/stack/api/connection.ts must be brought up to its version.`,
  );
}
