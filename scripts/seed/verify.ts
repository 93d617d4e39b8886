import { z } from "zod";
import { SeedError } from "./seed-error.ts";
import type { SeedContext, SeedModule } from "./seed-module.ts";

const wrongRow = z.object({ wrong: z.coerce.number() });
const keyRow = z.object({ name: z.string(), query: z.string() });
const memberRow = z.object({ tenant_id: z.string(), user_id: z.string() });
const countRow = z.object({ count: z.coerce.number() });

/** What was looked at, and how many rows each table has. */
export interface Verified {
  readonly rows: Readonly<Record<string, number>>;
  readonly checks: readonly string[];
}

/**
 * Sees that the rows are as asked and hold together: the number of rows, every foreign key, what the modules say, and
 * that a member counts the rows of their tenant and no others.
 *
 * @param context - the transaction that made the rows
 * @param modules - the modules that made them
 * @returns what was found
 * @throws SeedError `untrue`, with a line for each thing that is wrong
 */
export async function verify(context: SeedContext, modules: readonly SeedModule[]): Promise<Verified> {
  const { sql, scale, step } = context;
  const tables = modules.flatMap((module) => module.tables(scale));
  const faults: string[] = [];
  const checks: string[] = [];
  const rows: Record<string, number> = {};
  step("rows of each table");
  for (const [relation, asked] of tables) {
    const [row] = await sql.unsafe(
      `select count(*) as count from ${relation} as r join seed_tenants as t on t.id = r.${tenantColumn(relation)}`,
    );
    const { count } = countRow.parse(row);
    rows[relation] = count;
    if (asked !== null && asked !== count) faults.push(`${relation} has ${count} rows, not ${asked}.`);
  }
  const look = async (name: string, query: string): Promise<void> => {
    step(name);
    const [row] = await sql.unsafe(query);
    const { wrong } = wrongRow.parse(row);
    checks.push(name);
    if (wrong > 0) faults.push(`Not true: ${name} (${wrong} wrong).`);
  };
  const keys = await sql.unsafe(FOREIGN_KEYS, [tables.map(([relation]) => relation)]);
  for (const { name, query } of keys.map((row) => keyRow.parse(row))) await look(name, query);
  for (const { name, query } of modules.flatMap((module) => module.checks)) await look(name, query);
  faults.push(...(await compareAsMember(context, tables.map(([relation]) => relation))));
  checks.push("a member counts the rows of their tenant");
  if (faults.length > 0) {
    throw new SeedError("untrue", "The rows are not what was asked for: none was kept.", faults.join("\n"));
  }
  return { rows, checks };
}

const FOREIGN_KEYS = `
  select
    format('%s keeps %s', c.conrelid::regclass, c.conname) as name,
    format(
      'select count(*) as wrong from %s as r where %s and not exists (select from %s as o where %s)',
      c.conrelid::regclass,
      string_agg(format('r.%I is not null', a.attname), ' and '),
      c.confrelid::regclass,
      string_agg(format('o.%I = r.%I', f.attname, a.attname), ' and ')
    ) as query
  from pg_catalog.pg_constraint as c
  cross join lateral unnest(c.conkey, c.confkey) as k (own, other)
  join pg_catalog.pg_attribute as a on a.attrelid = c.conrelid and a.attnum = k.own
  join pg_catalog.pg_attribute as f on f.attrelid = c.confrelid and f.attnum = k.other
  where c.contype = 'f' and c.conrelid = any (($1::text[])::regclass[]) and c.conparentid = 0
  group by c.oid, c.conrelid, c.conname, c.confrelid
  order by name
`;

function tenantColumn(relation: string): string {
  return relation === "public.tenants" ? "id" : "tenant_id";
}

async function compareAsMember({ sql, step }: SeedContext, relations: readonly string[]): Promise<string[]> {
  step("what members count");
  const faults: string[] = [];
  const members = await sql.unsafe(`
    select u.tenant_id, u.id as user_id from seed_users as u
    where u.place = 1
      and u.tenant in (1, (select (max(n) + 1) / 2 from seed_tenants), (select max(n) from seed_tenants))
  `);
  for (const { tenant_id, user_id } of members.map((row) => memberRow.parse(row))) {
    const claims = JSON.stringify({ sub: user_id, role: "authenticated" });
    for (const relation of relations) {
      const [own] = await sql.unsafe(
        `select count(*) as count from ${relation} where ${tenantColumn(relation)} = $1`, [tenant_id],
      );
      await sql`select set_config('request.jwt.claims', ${claims}, true)`;
      await sql.unsafe("set local role authenticated");
      const [seen] = await sql.unsafe(`select count(*) as count from ${relation}`);
      await sql.unsafe("reset role");
      const [told, expected] = [countRow.parse(seen).count, countRow.parse(own).count];
      if (told !== expected) faults.push(`${relation}: a member of ${tenant_id} counts ${told}, not ${expected}.`);
    }
  }
  await sql`select set_config('request.jwt.claims', '', true)`;
  return faults;
}
