import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import type postgres from "postgres";
import { z } from "zod";

/** A canonical description of a schema: equal texts mean equal schemas. */
export interface Fingerprint {
  /** "kind name" to definition, sorted. */
  readonly entries: Readonly<Record<string, string>>;
  /** SHA-256 over the entries. */
  readonly sha256: string;
}

/** Options of `readFingerprint`. */
export interface FingerprintOptions {
  /**
   * Whether partitions count. They come and go with the calendar, so a comparison of databases of
   * different age leaves them out. Default true.
   */
  readonly partitions?: boolean;
}

/** Schemas that belong to Supabase; the history is the Supabase CLI's. */
const PLATFORM_SCHEMAS = [
  "_analytics",
  "_realtime",
  "_supavisor",
  "auth",
  "cron",
  "graphql",
  "graphql_public",
  "net",
  "pgbouncer",
  "pgmq",
  "pgsodium",
  "pgsodium_masks",
  "pgtle",
  "realtime",
  "storage",
  "supabase_functions",
  "supabase_migrations",
  "vault",
];

/** Rows that migrations write and that mean something to the schema; stamps are left out. */
const DECLARED_ROWS = [
  { relation: "private.enrollments", key: "relation" },
  { relation: "ops.schedules", key: "name" },
  { relation: "cron.job", key: "jobname" },
  { relation: "storage.buckets", key: "id" },
];

const QUERY = readFileSync(path.join(import.meta.dirname, "schema.sql"), "utf8");

const entryShape = z.object({ kind: z.string(), name: z.string(), definition: z.string() });
const declaredShape = z.object({ name: z.string(), definition: z.string() });

/**
 * Describes the schema of a database: every table, column in its order, constraint, index, function
 * with its body, trigger, policy, grant, comment and so on, and the rows that are declarations.
 *
 * Roles and the grants on the database itself belong to the cluster and are not in it, nor is the
 * state of sequences.
 *
 * @param sql - connection as `postgres` or a superuser
 * @param options - see FingerprintOptions
 * @returns the description
 */
export async function readFingerprint(
  sql: postgres.Sql,
  options: FingerprintOptions = {},
): Promise<Fingerprint> {
  return sql.begin(
    "isolation level repeatable read read only",
    (transaction) => readFingerprintWithin(transaction, options),
  );
}

/**
 * The same inside an open transaction, for states that are never committed. Leaves its search_path
 * empty until the transaction ends.
 *
 * @param transaction - open transaction
 * @param options - see FingerprintOptions
 * @returns the description
 */
export async function readFingerprintWithin(
  transaction: postgres.TransactionSql,
  options: FingerprintOptions = {},
): Promise<Fingerprint> {
  // Names are then printed with their schema, whatever the role's search_path is.
  await transaction`set local search_path = ''`;
  const found = await transaction.unsafe(QUERY, [PLATFORM_SCHEMAS, options.partitions ?? true], {
    prepare: true,
  });
  const rows = z.array(entryShape).parse([...found]);
  for (const declared of DECLARED_ROWS) rows.push(...(await readDeclared(transaction, declared)));
  const pairs = rows.map(({ kind, name, definition }): [string, string] => [`${kind} ${name}`, definition]);
  pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  for (const [index, [name]] of pairs.entries()) {
    if (name === pairs[index + 1]?.[0]) {
      throw new Error(`The fingerprint has two entries "${name}"; one would hide the other.`);
    }
  }
  return {
    entries: Object.fromEntries(pairs),
    sha256: createHash("sha256").update(JSON.stringify(pairs)).digest("hex"),
  };
}

async function readDeclared(
  sql: postgres.TransactionSql,
  { relation, key }: (typeof DECLARED_ROWS)[number],
): Promise<z.infer<typeof entryShape>[]> {
  const [exists] = await sql`select to_regclass(${relation}) is not null as exists`;
  if (!z.object({ exists: z.boolean() }).parse(exists).exists) return [];
  const rows = await sql`
    select r.row ->> ${key} as name,
      (select string_agg(format('%s: %s', f.key, f.value), E'\n' order by f.key)
       from jsonb_each(r.row - '{created_at, updated_at, jobid}'::text[]) as f) as definition
    from (select to_jsonb(t) as row from ${sql(relation)} as t) as r
  `;
  return z.array(declaredShape).parse([...rows]).map((row) => ({ kind: `row of ${relation}`, ...row }));
}
