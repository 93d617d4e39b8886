import type postgres from "postgres";
import { dropChecks } from "./checks.ts";
import { mutateForeignKeys } from "./foreign-keys.ts";
import { mutateFunctionBodies } from "./function-bodies.ts";
import { mutateFunctionSettings } from "./function-settings.ts";
import type { Mutant } from "./mutant.ts";
import { grantOnFunctions, grantOnSchemas } from "./object-grants.ts";
import { mutatePolicies } from "./policies.ts";
import { grantOnColumns, grantOnRelations } from "./relation-grants.ts";
import { mutateRowSecurity } from "./row-security.ts";
import { mutateTriggers } from "./triggers.ts";
import { mutateUniqueKeys } from "./unique-keys.ts";
import { mutateViews } from "./views.ts";

const SOURCES = [
  mutatePolicies,
  mutateRowSecurity,
  grantOnRelations,
  grantOnColumns,
  grantOnFunctions,
  grantOnSchemas,
  mutateFunctionBodies,
  mutateFunctionSettings,
  mutateTriggers,
  mutateForeignKeys,
  mutateUniqueKeys,
  dropChecks,
  mutateViews,
];

/** What to make, and what must not be noticed. */
export interface Mutants {
  readonly mutants: readonly Mutant[];
  /** One of each kind that has such. */
  readonly controls: readonly Mutant[];
}

/**
 * Every mutant of a database, from its catalogue: what a later migration adds is mutated too.
 *
 * @param sql - connection to the migrated database, with an empty search path, so that all names are
 *   whole
 * @returns the mutants, and the controls
 * @throws Error when two of them have the same id
 */
export async function readMutants(sql: postgres.Sql): Promise<Mutants> {
  const mutants: Mutant[] = [];
  for (const source of SOURCES) mutants.push(...await source(sql));
  const seen = new Set<string>();
  for (const { id } of mutants) {
    if (seen.has(id)) throw new Error(`Two mutants are called ${id}.`);
    seen.add(id);
  }
  const controls = new Map(mutants.filter(({ isControl }) => isControl).map((control) => [control.kind, control]));
  return { mutants: mutants.filter(({ isControl }) => isControl !== true), controls: [...controls.values()] };
}
