-- Realtime sends the keys of deleted rows to every subscriber, past the policies. A table joins by a decision, written here.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(2);

select isnt_empty(
  $$select from pg_publication where pubname = 'supabase_realtime'$$, 'S4 there is a publication to look at'
);
select is_empty(
  $$select pubname, schemaname, tablename from pg_publication_tables where schemaname in ('public', 'private', 'ops')$$,
  'S4 no table is published'
);

select * from finish();
rollback;
