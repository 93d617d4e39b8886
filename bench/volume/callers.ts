import type { Client } from "pg";
import { z } from "zod";

/** How large the tenant of a caller is. */
export type TenantSize = "huge" | "medium" | "small";

/** A member of one tenant, and what there is to ask for. */
export interface VolumeCaller {
  readonly size: TenantSize;
  readonly tenantId: string;
  readonly userId: string;
  /** The tenant's largest workflow first. */
  readonly workflows: readonly string[];
  /** Pending ones, which can be moved. */
  readonly tasks: readonly string[];
  readonly conversations: readonly string[];
  readonly messages: readonly string[];
  readonly correlations: readonly string[];
}

const ids = z.array(z.string()).nullable().transform((list) => list ?? []);
const callerRow = z.object({
  tenant_id: z.string(),
  user_id: z.string(),
  workflows: ids,
  tasks: ids,
  conversations: ids,
  messages: ids,
  correlations: ids,
});

/**
 * Chooses members of the largest tenant, of some in the middle and of some of the smallest.
 *
 * @param client - a connection as postgres, to a database that the generator has filled
 * @param tenants - how many tenants there are
 * @returns the callers; a tenant that lacks something to ask for has none
 */
export async function chooseCallers(client: Client, tenants: number): Promise<readonly VolumeCaller[]> {
  const from = (first: number, count: number): number[] =>
    Array.from({ length: Math.min(count, tenants - first + 1) }, (_, index) => first + index);
  const middle = Math.max(2, Math.round(tenants / 10));
  const chosen: readonly (readonly [TenantSize, readonly number[]])[] = [
    ["huge", [1]],
    ["medium", from(middle, Math.min(10, Math.ceil(tenants / 4)))],
    ["small", from(Math.max(middle + 10, tenants - 39), 40)],
  ];
  const callers: VolumeCaller[] = [];
  for (const [size, numbers] of chosen) {
    for (const number of numbers) {
      const { rows } = await client.query(CALLER, [`seed-1-${number}`]);
      const { tenant_id, user_id, ...things } = callerRow.parse(rows[0]);
      if (Object.values(things).every((list) => list.length > 0)) {
        callers.push({ size, tenantId: tenant_id, userId: user_id, ...things });
      }
    }
  }
  return callers;
}

const CALLER = `
  select t.id as tenant_id, m.user_id,
    (select array_agg(w.id) from (
      select id from public.workflows where tenant_id = t.id and status = 'active' order by tasks_total desc limit 40
    ) as w) as workflows,
    (select array_agg(k.id) from (
      select k.id from public.tasks as k
      join public.workflows as w on w.tenant_id = k.tenant_id and w.id = k.workflow_id
      where k.tenant_id = t.id and k.status = 'pending' order by k.created_at desc, k.id limit 1000
    ) as k) as tasks,
    (select array_agg(c.id) from (
      select id from public.conversations where tenant_id = t.id and user_id = m.user_id order by created_at limit 40
    ) as c) as conversations,
    (select array_agg(c.id) from (
      select id from public.messages where tenant_id = t.id and author_id = m.user_id order by created_at desc limit 200
    ) as c) as messages,
    (select array_agg(e.correlation_id) from (
      select correlation_id from public.events where tenant_id = t.id order by created_at desc limit 100
    ) as e) as correlations
  from public.tenants as t
  join public.memberships as m on m.tenant_id = t.id and m.role = 'member'
  where t.slug = $1
`;
