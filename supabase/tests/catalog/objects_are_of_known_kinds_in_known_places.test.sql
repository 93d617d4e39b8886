-- What these rules look into may exist where they look. Other kinds would pass them by: a sequence tells one tenant how
-- much the others write; a foreign table and a large object know no policies; an operator, a cast or a type of our own
-- can change what a policy means; an event trigger runs for whoever changes something.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(3);

create view tests.owned_objects as
  select o.type, coalesce(o.schema, o.identity) as place, o.identity
  from pg_shdepend as d
  cross join lateral pg_identify_object(d.classid, d.objid, d.objsubid) as o
  where d.deptype = 'o'
    and d.dbid = (select oid from pg_database where datname = current_database())
    and d.refclassid = 'pg_authid'::regclass
    and d.refobjid = (select oid from pg_roles where rolname = 'postgres')
    and not exists (select from tests.extension_objects as e where e.classid = d.classid and e.objid = d.objid);

create table tests.known_kinds (type text, place text);
insert into tests.known_kinds
select type, place
from unnest(array['table', 'view', 'materialized view', 'function', 'procedure']) as type,
  unnest(array['public', 'private', 'ops']) as place
union all
values
  ('schema', 'private'), ('schema', 'ops'),
  -- What a health check answers with (ops.finding). No column is of it.
  ('type', 'ops'),
  -- Supabase's and its CLI's own; postgres has them in its hands.
  ('schema', 'extensions'), ('schema', 'supabase_migrations'), ('table', 'supabase_migrations'),
  ('publication', 'supabase_realtime'),
  -- The stand-in of the local stack. On Supabase it belongs to the extension.
  ('schema', 'vault');

select cmp_ok(
  (select count(*) from tests.owned_objects where place in ('public', 'private', 'ops')), '>', 90::bigint,
  'S2 there are objects to look at'
);
select is_empty(
  $$select o.type, o.identity from tests.owned_objects as o
    where o.type not in ('extension', 'default acl') and o.place <> 'tests' and o.place !~ '^pg_(temp|toast)'
      and not exists (select from tests.known_kinds as k where k.type = o.type and k.place = o.place)$$,
  'S2 migrations make tables, views, functions and procedures, in public, private and ops'
);
select is_empty(
  $$select c.castsource::regtype, c.casttarget::regtype from pg_cast as c
    where c.oid >= 16384
      and not exists (
        select from tests.extension_objects as e where e.classid = 'pg_cast'::regclass and e.objid = c.oid)$$,
  'S2 and no casts, which have no owner'
);

select * from finish();
rollback;
