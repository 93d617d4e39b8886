import type { TestDatabase } from "../helpers/database.ts";
import { makeFolder, makeTenant } from "./workspace.ts";

/** Where the plan of a shop lies in its folder. */
export const SHOP_FILE = ".taskmaster/tasks/tasks.json";

/** A task of a tasks.json. */
export interface FileTask {
  readonly id: number | string;
  readonly title: string;
  readonly status: string;
  readonly priority?: string;
  readonly details?: string;
  readonly dependencies?: readonly (number | string)[];
  readonly subtasks?: readonly FileTask[];
}

/** A plan of five: in every test the same. */
export const SHOP: { readonly master: { readonly tasks: readonly FileTask[] } } = {
  master: {
    tasks: [
      { id: 1, title: "Draw the plan", status: "done", priority: "high", dependencies: [] },
      {
        id: 2,
        title: "Build the counter",
        status: "in-progress",
        priority: "medium",
        dependencies: [1],
        subtasks: [
          { id: 1, title: "Saw the boards", status: "done" },
          { id: 2, title: "Fit them together", status: "pending", dependencies: [1] },
        ],
      },
      { id: 3, title: "Open", status: "pending", priority: "low", dependencies: [2, "2.2"] },
    ],
  },
};

/**
 * The shop with a change.
 *
 * @param change - gets the tasks and returns others
 * @returns the content of a tasks.json
 */
export function shopWith(change: (tasks: readonly FileTask[]) => readonly FileTask[]): unknown {
  return { master: { tasks: change(SHOP.master.tasks) } };
}

/**
 * The shop with one of its tasks on top changed.
 *
 * @param id - which
 * @param change - what it has instead
 * @returns the content of a tasks.json
 */
export function shopWithTask(id: number, change: Partial<FileTask>): unknown {
  return shopWith((tasks) => tasks.map((task) => (task.id === id ? { ...task, ...change } : task)));
}

/**
 * Everything that an import may write, to compare before and after.
 *
 * @param database - where
 * @returns rows of all tenants, versions and stamps included
 */
export async function everything(database: TestDatabase): Promise<unknown> {
  const [row] = await database.sql`
    select
      (
        select jsonb_agg(to_jsonb(w) || jsonb_build_object('xmin', w.xmin::text) order by w.id)
        from public.workflows as w
      ) as workflows,
      (select jsonb_agg(to_jsonb(t) || jsonb_build_object('xmin', t.xmin::text) order by t.id) from public.tasks as t)
        as tasks,
      (
        select jsonb_agg(to_jsonb(d) || jsonb_build_object('xmin', d.xmin::text) order by d.id)
        from public.task_dependencies as d
      ) as edges,
      (select count(*)::integer from public.audit_log) as audit
  `;
  return row;
}

/**
 * The tasks of a tenant, as texts.
 *
 * @param database - where
 * @param tenant - whose
 * @returns such as "2.1 done below 2"
 */
export async function tasksOf(database: TestDatabase, tenant: string): Promise<readonly string[]> {
  const rows = await database.sql`
    select concat_ws(' ', coalesce(t.source_key, t.title), t.status, 'below ' || p.source_key) as task
    from public.tasks as t
    left join public.tasks as p on p.tenant_id = t.tenant_id and p.id = t.parent_id
    where t.tenant_id = ${tenant}
    order by t.source_key, t.title
  `;
  return rows.map((row) => String(row["task"]));
}

/**
 * The dependencies of a tenant, as texts.
 *
 * @param database - where
 * @param tenant - whose
 * @returns such as "2 > 1": 2 waits for 1
 */
export async function edgesOf(database: TestDatabase, tenant: string): Promise<readonly string[]> {
  const rows = await database.sql`
    select format('%s > %s', coalesce(t.source_key, t.title), coalesce(o.source_key, o.title)) as edge
    from public.task_dependencies as d
    join public.tasks as t on t.tenant_id = d.tenant_id and t.id = d.task_id
    join public.tasks as o on o.tenant_id = d.tenant_id and o.id = d.depends_on_id
    where d.tenant_id = ${tenant}
    order by 1
  `;
  return rows.map((row) => String(row["edge"]));
}

let shops = 0;

/**
 * Makes a tenant and a folder of its own for a test.
 *
 * @param database - where
 * @param content - of the folder's tasks.json
 * @returns the tenant's id, the folder, and the arguments that import it
 */
export async function openShop(
  database: TestDatabase,
  content: unknown = SHOP,
): Promise<{ readonly tenant: string; readonly folder: string; readonly args: readonly string[] }> {
  shops += 1;
  const slug = `shop-${shops}`;
  const folder = makeFolder({ [SHOP_FILE]: content });
  return { tenant: await makeTenant(database, slug), folder, args: [folder, "--tenant", slug] };
}
