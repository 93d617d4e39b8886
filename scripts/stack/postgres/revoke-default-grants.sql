-- Supabase's default privileges since 30 May 2026 (new projects) and 30 October 2026 (all): what
-- postgres creates in public is granted to no API role until a migration says so. Two leftovers are
-- hosted's too: new functions keep PUBLIC's execute, new tables keep the API roles' truncate,
-- references, trigger and maintain.
alter default privileges for role postgres in schema public
  revoke select, insert, update, delete on tables from anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  revoke usage, select on sequences from anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  revoke execute on functions from anon, authenticated, service_role;
