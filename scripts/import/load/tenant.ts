import { z } from "zod";
import type { Query } from "../../db/command.ts";
import { ImportError } from "../import-error.ts";

const tenantShape = z.object({ id: z.string(), status: z.string() });

/**
 * Finds the tenant to import into. Who reaches the database directly may import into any; the slug says which is
 * meant.
 *
 * @param query - runs a statement
 * @param slug - the tenant's slug
 * @returns its id
 * @throws ImportError `unknown_tenant`, `tenant_closed`
 */
export async function findTenant(query: Query, slug: string): Promise<string> {
  const rows = await query("select t.id, t.status from public.tenants as t where t.slug = $1", [slug]);
  const tenant = z.array(tenantShape).parse(rows)[0];
  if (tenant === undefined) throw new ImportError("unknown_tenant", `There is no tenant ${JSON.stringify(slug)}.`);
  if (tenant.status === "closed") {
    throw new ImportError("tenant_closed", `The tenant ${JSON.stringify(slug)} is closed.`);
  }
  return tenant.id;
}
