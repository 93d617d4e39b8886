-- A policy on a table of Supabase's (the files of storage, the channels of realtime) opens it past the rules of this
-- folder. The first one that is needed is written down here with its reason.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(2);

create view tests.foreign_policies as
  select p.polrelid::regclass::text as relation, p.polname
  from pg_policy as p
  where not exists (select from tests.relations as r where r.oid = p.polrelid)
    -- pg_cron shows everybody their own jobs.
    and not exists (
      select from tests.extension_objects as e where e.classid = 'pg_class'::regclass and e.objid = p.polrelid);

select cmp_ok(
  (select count(*) from pg_policy as p join tests.relations as r on r.oid = p.polrelid), '>', 20::bigint,
  'S2 there are policies to look at'
);
select is_empty(
  'select relation, polname from tests.foreign_policies', 'S2 all of them are on tables of public, private and ops'
);

select * from finish();
rollback;
