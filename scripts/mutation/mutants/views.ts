import type postgres from "postgres";
import { z } from "zod";
import { spoilConditions } from "../sql/body-edits.ts";
import { applyEdit, distinctEdits } from "../sql/edits.ts";
import { lowerRoles } from "../sql/roles.ts";
import { tokenize } from "../sql/tokens.ts";
import type { Mutant } from "./mutant.ts";
import { isOurs, readRows } from "./names.ts";

const shape = z.object({
  name: z.string(),
  options: z.array(z.string()),
  definition: z.string(),
  reads: z.array(z.string()),
});

type View = z.infer<typeof shape>;

const QUERY = `
  select c.oid::regclass::text as name, coalesce(c.reloptions, '{}') as options, pg_get_viewdef(c.oid) as definition,
    array(select distinct d.refobjid::regclass::text from pg_rewrite as w
      join pg_depend as d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
      where w.ev_class = c.oid and d.refclassid = 'pg_class'::regclass and d.refobjid <> c.oid) as reads
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  where c.relkind = 'v' and n.nspname = any ($1) and ${isOurs("pg_class", "c.oid")}
  order by 1`;

/**
 * Mutants of every view: each of its options reset, its conditions spoiled, the role it asks for lowered.
 *
 * @param sql - connection to the migrated database
 * @returns the mutants
 */
export async function mutateViews(sql: postgres.Sql): Promise<Mutant[]> {
  const views = await readRows(sql, shape, QUERY);
  return views.flatMap((view) => {
    const source = { text: view.definition, tokens: tokenize(view.definition) };
    return [
      { ...make(view, "unchanged", redefine(view, view.definition)), isControl: true },
      ...view.options.map((option) => {
        const name = option.split("=")[0] ?? "";
        return make(view, `without ${name}`, `alter view ${view.name} reset (${name})`);
      }),
      ...distinctEdits([...spoilConditions(source), ...lowerRoles(source, () => false)]).map((edit) =>
        make(view, edit.label, redefine(view, applyEdit(view.definition, edit)))
      ),
    ];
  });
}

function redefine({ name, options }: View, definition: string): string {
  const settings = options.length === 0 ? "" : ` with (${options.join(", ")})`;
  return `create or replace view ${name}${settings} as ${definition}`;
}

function make(view: View, what: string, sql: string): Mutant {
  return {
    id: `view ${view.name}: ${what}`,
    kind: "view",
    subjects: [view.name, ...view.reads],
    sql,
    replaces: `view ${view.name}`,
  };
}
