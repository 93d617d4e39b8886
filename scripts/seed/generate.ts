import type postgres from "postgres";
import { z } from "zod";
import { SEED_MODULES } from "./modules/index.ts";
import type { Scale } from "./scale.ts";
import { SeedError } from "./seed-error.ts";
import type { SeedContext, SeedModule } from "./seed-module.ts";
import { type Verified, verify } from "./verify.ts";

const thereRow = z.object({ is_there: z.boolean() });

/**
 * Makes the rows of all modules in one transaction, with all triggers, constraints and keys at work, and verifies
 * them in it: all or nothing. The same seed, day and numbers make the same rows, stamps of later changes aside.
 *
 * @param sql - a connection as postgres
 * @param scale - how many rows
 * @param step - told what comes next
 * @param modules - what is made; all by default
 * @returns what was verified
 * @throws SeedError `already_there` for a seed that was used before, `untrue`
 */
export async function generate(
  sql: postgres.Sql,
  scale: Scale,
  step: (label: string) => void,
  modules: readonly SeedModule[] = SEED_MODULES,
): Promise<Verified> {
  const [schema] = await sql`select to_regclass('private.task_readiness') is not null as is_there`;
  if (!thereRow.parse(schema).is_there) {
    throw new SeedError("other_schema", "The database has not the tables of this version: npm run migrate -- up.");
  }
  const [rows] = await sql`
    select exists (select from public.tenants where slug like ${`seed-${scale.seed}-%`}) as is_there
  `;
  if (thereRow.parse(rows).is_there) {
    throw new SeedError("already_there", `The rows of seed ${scale.seed} are there already: take another --seed.`);
  }
  return sql.begin(async (transaction) => {
    const context: SeedContext = { sql: transaction, scale, step };
    await transaction.unsafe("set local work_mem = '64MB'; set local statement_timeout = 0; set local jit = off");
    for (const module of modules) await module.load(context);
    step("statistics");
    const filled = modules.flatMap((module) => module.tables(scale).map(([relation]) => relation));
    await transaction.unsafe(`analyze ${[...filled, "private.task_readiness", "public.users"].join(", ")}`);
    return verify(context, modules);
  });
}
