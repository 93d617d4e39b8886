import { readFileSync } from "node:fs";
import path from "node:path";
import type postgres from "postgres";
import { z } from "zod";
import { listMigrations, type Migration, projectDir } from "../../scripts/migrate/migration-files.ts";

interface Fragment {
  readonly sql: string;
  /** Tables that may be empty, and the migration that ends it. */
  readonly excused: readonly { readonly table: string; readonly until: string }[];
}

const text = readFileSync(path.join(import.meta.dirname, "rows.sql"), "utf8");

const fragments = new Map(
  text.split(/^-- after: /m).slice(1).map((part): [string, Fragment] => {
    const [name = "", ...lines] = part.split("\n");
    const excused = [...part.matchAll(/^-- empty until (\S+): (\S+)$/gm)].map((
      [, until = "", table = ""],
    ) => ({ table, until }));
    return [name.trim(), { sql: lines.join("\n"), excused }];
  }),
);

/** The migrations that rows are written for; one that does not exist is a mistake. */
export const fragmentNames = [...fragments.keys()].filter((name) => name !== "nothing");

/**
 * Loads the rows that belong to a migration.
 *
 * @param sql - connection as `postgres`
 * @param migration - the migration, or null for those that are there before the first
 */
export async function loadRows(sql: postgres.Sql, migration: Migration | null): Promise<void> {
  const fragment = fragments.get(migration?.name ?? "nothing");
  if (fragment !== undefined) await sql.unsafe(fragment.sql).simple();
}

/**
 * Tables without rows, or with rows of fewer than two tenants.
 *
 * @param sql - connection as `postgres`
 * @param newest - the newest migration applied
 * @returns a sentence for each
 */
export async function findEmptyTables(sql: postgres.Sql, newest: Migration): Promise<string[]> {
  const names = listMigrations(projectDir).map(({ name }) => name);
  const at = names.indexOf(newest.name);
  const excused = [...fragments].flatMap(([from, { excused: list }]) =>
    list.filter(({ until }) => names.indexOf(from) <= at && at < names.indexOf(until)).map(({ table }) =>
      table
    )
  );
  const faults: string[] = [];
  for (const table of await listTables(sql)) {
    if (excused.includes(table.name)) continue;
    const counted = table.hasTenant ? "distinct tenant_id" : "*";
    const [row] = await sql.unsafe(`select count(${counted})::int as number from ${table.name}`);
    const { number } = z.object({ number: z.number() }).parse(row);
    if (number === 0) {
      faults.push(
        `${table.name} has no rows: write some in tests/migrations/rows.sql, "-- after: ${newest.name}".`,
      );
    } else if (table.hasTenant && number < 2) {
      faults.push(
        `${table.name} has rows of one tenant only: write some for two in tests/migrations/rows.sql.`,
      );
    }
  }
  return faults;
}

/**
 * What every table holds, so that a rollback that forgets or damages rows of older tables is seen.
 * The audit log is left out: it rightly keeps what happened.
 *
 * @param sql - connection as `postgres`
 * @returns a digest for each table
 */
export async function digestRows(sql: postgres.ISql): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const { name } of await listTables(sql)) {
    if (name === "public.audit_log") continue;
    const [row] = await sql.unsafe(
      `select count(*) || ' rows ' || coalesce(md5(string_agg(r, ',' order by r)), '') as digest
       from (select (to_jsonb(t) - 'updated_at')::text as r from ${name} as t) as s`,
    );
    digests[name] = z.object({ digest: z.string() }).parse(row).digest;
  }
  return digests;
}

async function listTables(sql: postgres.ISql): Promise<{ name: string; hasTenant: boolean }[]> {
  const rows = await sql`
    select format('%I.%I', n.nspname, c.relname) as name,
      exists (select from pg_attribute as a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) as "hasTenant"
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname in ('public', 'private', 'ops') and c.relkind in ('r', 'p', 'm') and not c.relispartition
    order by 1
  `;
  return z.array(z.object({ name: z.string(), hasTenant: z.boolean() })).parse([...rows]);
}
