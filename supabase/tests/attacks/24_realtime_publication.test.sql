-- Realtime hands every subscriber the primary key of a deleted row, past the policies, and here that key begins with
-- the tenant. No table of ours is in a publication, by whichever way tables get into one. (What the stream of changes
-- then holds: tests/attacks/24-*.test.ts.)
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
select plan(10);

-- One by one, by schema, or all there are; a partition also by its parent.
create view tests.published as
  select p.pubname, t.schemaname || '.' || t.tablename as name from pg_publication as p
    join pg_publication_tables as t using (pubname)
  where t.schemaname in ('public', 'private', 'ops')
  union
  select p.pubname, n.pnnspid::regnamespace::text || '.*' from pg_publication as p
    join pg_publication_namespace as n on n.pnpubid = p.oid
  where n.pnnspid::regnamespace::text in ('public', 'private', 'ops')
  union
  select p.pubname, '*' from pg_publication as p where p.puballtables;
select isnt_empty($$select from pg_publication where pubname = 'supabase_realtime'$$,
  'S4 Realtime has its publication');
select is_empty('select * from tests.published', 'S4 nothing of ours is in it or in any other, nor will be by itself');

create table public.newcomer (
  tenant_id uuid not null, id uuid not null default private.uuid_v7(), note text,
    constraint newcomer_pkey primary key (tenant_id, id)
);
call private.enroll('public.newcomer', read => 'viewer', write => 'member');
select is_empty('select * from tests.published', 'S4 a new table is not published by being enrolled');

-- Each way in, as the rule sees it.
create function tests.published_by(statement text) returns text language plpgsql as $$
declare
  v_names text;
begin
  execute statement;
  select string_agg(name, ', ' order by name) into v_names from tests.published;
  raise exception using errcode = 'UNDO0', message = coalesce(v_names, 'nothing');
exception
  when sqlstate 'UNDO0' then
    return sqlerrm;
end
$$;
select is(tests.published_by('alter publication supabase_realtime add table public.newcomer'), 'public.newcomer',
  'S4 a table that is added is noticed');
select is(tests.published_by('alter publication supabase_realtime add table public.newcomer (id)'), 'public.newcomer',
  'S4 also by some of its columns');
select matches(tests.published_by('alter publication supabase_realtime add table public.audit_log'),
  '^private\.audit_log_', 'S4 a partitioned one by its partitions');
select is_empty(
  $$select c.oid::regclass from pg_class as c join tests.tables as t on t.oid = c.oid where c.relreplident not in ('d',
    'n')$$,
  'S4 no table keeps more of its old rows in the stream of changes than their keys'
);

-- Subscribers cannot help themselves to it.
select is(tests.answer(who, 'alter publication supabase_realtime add table public.projects'),
  '42501 must be owner of publication supabase_realtime',
  format('S4 %s publishes nothing', who))
from (values ('acme_owner'), ('platform_admin'), ('service')) as v (who);

select * from finish();
rollback;
