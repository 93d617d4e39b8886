-- Foreign keys are triggers too: switched off, they let a row point at another tenant's. Nothing here fires on replicas
-- alone, and what hangs on Supabase's own tables is written down.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(3);

select isnt_empty(
  $$select from pg_trigger as t join tests.tables as r on r.oid = t.tgrelid
    where t.tgisinternal and not r.relispartition$$,
  'S3 the triggers of foreign keys are seen'
);
select is_empty(
  $$select r.name, t.tgname, t.tgenabled from pg_trigger as t join tests.tables as r on r.oid = t.tgrelid
    where t.tgenabled <> 'O'$$,
  'S3 every trigger of a table fires, those of foreign keys and of partitions too'
);
select set_eq(
  $$select t.tgrelid::regclass::text, t.tgname::text, t.tgenabled::text, f.name from pg_trigger as t
    join tests.functions as f on f.oid = t.tgfoid
    where not exists (select from tests.relations as r where r.oid = t.tgrelid)$$,
  $$values
    ('auth.users', 'rowhouse_100_make_profile', 'O', 'private.tg_auth_users__keep_profile()'),
    ('auth.users', 'rowhouse_110_copy_email', 'O', 'private.tg_auth_users__keep_profile()')$$,
  'C2 on the accounts hang the two triggers that keep the profiles, and nothing else outside our schemas'
);

select * from finish();
rollback;
