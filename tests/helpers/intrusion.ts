import { decodeJwt } from "jose";
import { randomUUID } from "node:crypto";
import type postgres from "postgres";
import { z } from "zod";
import {
  type ApiFunction,
  type Link,
  listFunctions,
  listLinks,
  listRelations,
  type Relation,
  tenantColumnOf,
} from "./catalogue.ts";
import { uuidsIn } from "./holdings.ts";
import { rest, type RestAnswer, type RestRequest } from "./http.ts";

/** What an intruder tries to reach: a tenant's rows, and ids of its things by the name of an argument. */
export interface Target {
  readonly tenant: string;
  /** Every uuid that must not be seen. */
  readonly secrets: ReadonlySet<string>;
  /** Ids for the arguments of functions: user_id, message_id, ... */
  readonly ids: Readonly<Record<string, string | readonly string[]>>;
}

/** The API's surface, from the catalogue. */
export interface Surface {
  readonly relations: readonly Relation[];
  readonly functions: readonly ApiFunction[];
  readonly links: readonly Link[];
}

/** One request of an intruder and what came of it. */
export interface Attempt {
  readonly what: string;
  readonly status: number;
  readonly answer: RestAnswer;
  /** Secrets that the answer contains. */
  readonly seen: readonly string[];
}

const FUNCTION_VALUES: Readonly<Record<string, unknown>> = {
  name: "Intruder",
  slug: "no",
  kind: "team",
  role: "viewer",
  status: "closed",
  email: "intruder@example.test",
  expires_in: "1 day",
  token: "not a token",
  rating: "up",
  days: 28,
  comment: "Intruder.",
  tokens: 1,
  messages: 1,
  cost: 1,
  older_than: "1 day",
  is_active: false,
  action: "screenshot",
  at_most: 1,
  attempt: 1,
  batch: 1,
  before: null,
  created_at: null,
  credentials: { password: "Intruder." },
  current_phase: null,
  dedupe_key: null,
  dedupe_window: null,
  description: null,
  details: {},
  error: "Intruder.",
  expectation: null,
  filter: null,
  in_language: null,
  is_listening: false,
  is_paused: false,
  is_permanent: true,
  is_success: false,
  jobs: [],
  lease: "1 minute",
  max_attempts: 1,
  message: "Intruder.",
  metrics: [{ name: "intruder", value: 1 }],
  of_type: null,
  operation: "intrude",
  page_size: 1,
  payload: {},
  place: 1,
  priority: 0,
  query: "intruder",
  queue: "default",
  reason: null,
  request: {},
  response: null,
  results: {},
  retry_in: null,
  run_at: null,
  settings: null,
  severity: "critical",
  skip: 0,
  started_at: "2026-01-01T00:00:00Z",
  steps: [],
  subject_type: "other",
  tag: null,
  tagged: null,
  tags: {},
  target: null,
  timeout_ms: 1000,
  type: "intruder",
  unit: null,
  value: null,
  version: null,
  worker: "intruder",
};

/** Columns that say whose a row is. */
const PERSONAL = ["user_id", "author_id", "created_by", "accepted_by", "actor_id"];

/**
 * Reads the API's surface from the catalogue.
 *
 * @param sql - the database as postgres
 * @returns relations, functions and links
 */
export async function readSurface(sql: postgres.Sql): Promise<Surface> {
  return { relations: await listRelations(sql), functions: await listFunctions(sql), links: await listLinks(sql) };
}

/**
 * Tries to read a tenant in every way the API offers: each relation whole, by its tenant and counted,
 * as csv through an "or" that is always true, by guessed ids, and embedded along each foreign key.
 *
 * @param token - the intruder's token; undefined for a visitor
 * @param surface - the API's surface
 * @param target - what must stay hidden
 * @returns every attempt
 */
export async function attemptReads(token: string | undefined, surface: Surface, target: Target): Promise<Attempt[]> {
  const requests: [string, RestRequest][] = [];
  for (const relation of surface.relations) {
    const tenantColumn = tenantColumnOf(relation);
    requests.push([`${relation.name}?select=*`, {}]);
    if (tenantColumn !== null) {
      const always = `${tenantColumn}.eq.${target.tenant},${tenantColumn}.not.is.null`;
      requests.push([`${relation.name}?${tenantColumn}=eq.${target.tenant}`, { headers: { prefer: "count=exact" } }]);
      requests.push([`${relation.name}?or=(${always})`, { headers: { accept: "text/csv" } }]);
    }
    const guesses = [...target.secrets].slice(0, 50).join(",");
    const guessing = relation.uuidColumns.map((column) => `${column}.in.(${guesses})`);
    if (guessing.length > 0) requests.push([`${relation.name}?or=(${guessing.join(",")})`, {}]);
  }
  for (const link of surface.links) {
    requests.push([`${link.from}?select=*,${link.to}!${link.name}(id)`, {}]);
    requests.push([`${link.to}?select=*,${link.from}!${link.name}(id)`, {}]);
  }
  return attemptAll(token, requests, target);
}

/**
 * Tries to change a tenant's rows in every way the API offers: update and delete by tenant, insert and
 * both kinds of upsert with copies of its own rows: whole, with the columns that may be given, and as
 * rows of the intruder.
 *
 * @param token - the intruder's token; undefined for a visitor
 * @param surface - the API's surface
 * @param target - whose rows
 * @param sql - the database as postgres, for the copies
 * @returns every attempt
 */
export async function attemptWrites(
  token: string | undefined,
  surface: Surface,
  target: Target,
  sql: postgres.Sql,
): Promise<Attempt[]> {
  const requests: [string, RestRequest][] = [];
  for (const relation of surface.relations) {
    const tenantColumn = tenantColumnOf(relation);
    if (tenantColumn === null) continue;
    const where = `${relation.name}?${tenantColumn}=eq.${target.tenant}`;
    const sample = await sampleRow(sql, relation.name, tenantColumn, target.tenant);
    const prefer = "return=representation";
    requests.push([where, { method: "DELETE", headers: { prefer } }], [where, { method: "DELETE" }]);
    const whole = relation.columns.filter((column) => !relation.generatedColumns.includes(column));
    for (const columns of [[tenantColumn], relation.updatable]) {
      if (columns.length === 0) continue;
      const body = copyOf(sample, columns);
      requests.push([where, { method: "PATCH", body, headers: { prefer } }], [where, { method: "PATCH", body }]);
    }
    const mine = {
      ...copyOf(sample, whole),
      ...copyOf(asIntruder(token), whole.filter((column) => isPersonal(column))),
    };
    requests.push([relation.name, { method: "POST", body: copyOf(sample, whole) }]);
    requests.push([relation.name, { method: "POST", body: mine }]);
    for (const resolution of ["", ",resolution=merge-duplicates", ",resolution=ignore-duplicates"]) {
      const body = copyOf(sample, relation.insertable.length > 0 ? relation.insertable : whole);
      requests.push([relation.name, { method: "POST", body, headers: { prefer: `return=minimal${resolution}` } }]);
    }
  }
  return attemptAll(token, requests, target);
}

/**
 * Calls every function with a tenant's ids.
 *
 * @param token - the intruder's token; undefined for a visitor
 * @param surface - the API's surface
 * @param target - whose ids
 * @returns every attempt
 */
export function attemptCalls(token: string | undefined, surface: Surface, target: Target): Promise<Attempt[]> {
  const requests = surface.functions.map((fn): [string, RestRequest] => [
    `rpc/${fn.name}`,
    { method: "POST", body: Object.fromEntries(fn.args.map((arg) => [arg.name, valueFor(fn, arg.name, target)])) },
  ]);
  return attemptAll(token, requests, target);
}

/**
 * What attempts have shown of the target.
 *
 * @param attempts - attempts
 * @returns one line an attempt whose answer held a secret
 */
export function leaksOf(attempts: readonly Attempt[]): string[] {
  return attempts.filter((attempt) => attempt.seen.length > 0).map((attempt) =>
    `${attempt.what} shows ${attempt.seen[0]}`
  );
}

/**
 * Writes that were not turned away.
 *
 * @param attempts - attempts at writing
 * @returns one line an attempt that neither failed nor matched no row
 */
export function acceptedOf(attempts: readonly Attempt[]): string[] {
  return attempts
    .filter(({ status, answer }) => status < 400 && answer.text !== "" && answer.text !== "[]")
    .map(({ what, answer }) => `${what} answers ${answer.text.slice(0, 200)}`);
}

function valueFor(fn: ApiFunction, argument: string, target: Target): unknown {
  if (argument === "tenant_id") return target.tenant;
  const given = target.ids[argument];
  if (given !== undefined) return given;
  // Of a thing that was not named an id that is of none.
  if (argument.endsWith("_ids")) return [target.tenant];
  if (/^(.*_)?id$/.test(argument)) return target.tenant;
  if (argument in FUNCTION_VALUES) return FUNCTION_VALUES[argument];
  throw new Error(`tests/helpers/intrusion.ts needs a value for the argument ${argument} of ${fn.name}.`);
}

function isPersonal(column: string): boolean {
  return column === "id" || PERSONAL.includes(column);
}

function asIntruder(token: string | undefined): Record<string, unknown> {
  const self = (token === undefined ? undefined : decodeJwt(token).sub) ?? randomUUID();
  return { id: randomUUID(), ...Object.fromEntries(PERSONAL.map((column) => [column, self])) };
}

function copyOf(sample: Readonly<Record<string, unknown>>, columns: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(columns.map((column) => [column, sample[column] ?? null]));
}

async function sampleRow(
  sql: postgres.Sql,
  table: string,
  column: string,
  tenant: string,
): Promise<Record<string, unknown>> {
  const [row] = await sql`
    select to_jsonb(t) as sample from ${sql(`public.${table}`)} as t where ${sql(column)} = ${tenant} limit 1
  `;
  return z.object({ sample: z.record(z.string(), z.unknown()) }).parse(row ?? { sample: { [column]: tenant } }).sample;
}

async function attemptAll(
  token: string | undefined,
  requests: [string, RestRequest][],
  target: Target,
): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  // A few at a time: the API has eight connections, and other test files want some of them.
  const next = requests.entries();
  const work = async (): Promise<void> => {
    for (const [place, [path, request]] of next) {
      const answer = await rest(path, { ...request, token });
      // A refusal may name the id it was asked about; nothing else.
      const sent = answer.status < 400 ? new Set<string>() : uuidsIn(`${path} ${JSON.stringify(request.body)}`);
      const seen = [...uuidsIn(answer.text)].filter((id) => target.secrets.has(id) && !sent.has(id));
      const what = `${request.method ?? "GET"} ${path.slice(0, 160)}`;
      attempts[place] = { what, status: answer.status, answer, seen };
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  return attempts;
}
