import { SOURCE } from "./source.ts";

/** Two imports of one source go one after the other. $1 tenant, $2 source of the file */
export const LOCK_SOURCE = `select pg_advisory_xact_lock(hashtextextended('import ' || $1 || ' ' || $2, 0))`;

/** $1 tenant, $2 key */
export const FIND_WORKFLOW = `
  select w.id, w.status, w.source_hash as hash
  from public.workflows as w
  where w.tenant_id = $1::text::uuid and w.source = '${SOURCE}' and w.source_key = $2`;

/** $1 tenant, $2 workflow as JSON. A new one, or what the file says of one that was imported before. */
export const PUT_WORKFLOW = `
  insert into public.workflows as w (tenant_id, name, description, status, metadata, source, source_key, source_hash)
  select $1::text::uuid, r.name, r.description, r.status, r.metadata::jsonb, '${SOURCE}', r.source_key, r.source_hash
  from json_to_record($2::text::json) as r (
    name text, description text, status text, metadata text, source_key text, source_hash text
  )
  on conflict (tenant_id, source, source_key) where source_key is not null do update set
    name = excluded.name,
    description = excluded.description,
    metadata = excluded.metadata,
    source_hash = excluded.source_hash
  returning w.id`;
