-- private.publish_materialized_view: the columns of the materialized view and no other, the rows of the caller's tenants.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/notes.psql
select plan(5);

create materialized view private.note_counts as
  select n.tenant_id, count(*) as notes from public.notes as n group by n.tenant_id;
comment on materialized view private.note_counts is 'How many notes a tenant has.';
call private.publish_materialized_view('note_counts', read => 'viewer');

select columns_are(schema, name, array['tenant_id', 'notes'], format('S4 the columns of %s.%s', schema, name))
from (values ('public', 'note_counts'), ('private', 'note_counts_in_reach')) as v (schema, name);
select is(tests.value_as(who, 'select string_agg(notes::text, '' '') from public.note_counts'), seen,
  format('S4 %s sees %s', who, coalesce(seen, 'nothing')))
from (values ('acme_viewer', '4'), ('globex_member', '1'), ('acme_customer', null)) as v (who, seen);

select * from finish();
rollback;
