import type postgres from "postgres";
import { z } from "zod";

const declarationShape = z.object({
  relation: z.string(),
  description: z.string(),
  read_role: z.string().nullable(),
  write_role: z.string().nullable(),
  remove_role: z.string().nullable(),
  owner_column: z.string().nullable(),
  branch_column: z.string().nullable(),
  customer_column: z.string().nullable(),
  is_unconfined: z.boolean(),
  insert_columns: z.array(z.string()),
  update_columns: z.array(z.string()),
  is_audited: z.boolean(),
});

/** What private.enroll was told about a table. */
export type Declaration = z.infer<typeof declarationShape>;

const policyShape = z.object({ relation: z.string(), name: z.string(), verb: z.string(), condition: z.string() });
const objectShape = z.object({ name: z.string(), description: z.string(), readers: z.array(z.string()) });

/** A view or function, and the roles that may use it. */
export type AccessObject = z.infer<typeof objectShape>;

/** The declarations of all tenant tables, in the order of their names. */
export async function readDeclarations(sql: postgres.Sql): Promise<Declaration[]> {
  const rows = await sql`
    select e.*, coalesce(obj_description(e.relation::regclass, 'pg_class'), '') as description
    from private.enrollments as e
    order by e.relation`;
  return rows.map((row) => declarationShape.parse(row));
}

/** The policies that were written by hand beside the declarations. */
export async function readHandWrittenPolicies(sql: postgres.Sql): Promise<z.infer<typeof policyShape>[]> {
  const rows = await sql`
    select p.schemaname || '.' || p.tablename as relation, p.policyname as name, lower(p.cmd) as verb,
      coalesce(p.qual, p.with_check) as condition
    from pg_policies as p
    where p.schemaname in ('public', 'private', 'ops')
      and not (
        p.policyname in ('tenant_select', 'tenant_insert', 'tenant_update', 'tenant_delete')
        and exists (
          select from private.enrollments as e where e.relation = p.schemaname || '.' || p.tablename
        )
      )
    order by 1, 2`;
  return rows.map((row) => policyShape.parse(row));
}

/** The views of schema public. */
export async function readViews(sql: postgres.Sql): Promise<AccessObject[]> {
  const rows = await sql`
    select c.relname as name, coalesce(obj_description(c.oid, 'pg_class'), '') as description,
      array(
        select r.rolname::text from pg_roles as r
        where r.rolname in ('anon', 'authenticated', 'service_role') and has_table_privilege(r.oid, c.oid, 'select')
        order by r.rolname
      ) as readers
    from pg_class as c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'v'
    order by c.relname`;
  return rows.map((row) => objectShape.parse(row));
}

/** The functions of schema public that are ours. */
export async function readFunctions(sql: postgres.Sql): Promise<AccessObject[]> {
  const rows = await sql`
    select p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' as name,
      coalesce(obj_description(p.oid, 'pg_proc'), '') as description,
      array(
        select r.rolname::text from pg_roles as r
        where r.rolname in ('anon', 'authenticated', 'service_role') and has_function_privilege(r.oid, p.oid, 'execute')
        order by r.rolname
      ) as readers
    from pg_proc as p
    where p.pronamespace = 'public'::regnamespace
      and not exists (select from pg_depend as d where d.objid = p.oid and d.deptype = 'e')
    order by p.proname`;
  return rows.map((row) => objectShape.parse(row));
}
