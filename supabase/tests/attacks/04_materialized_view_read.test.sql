-- A materialized view knows no policy: it holds the rows of all tenants for whoever may read it.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
select plan(6);

create table tests.matviews as select name, replace(name, 'private.', 'public.') as served from tests.relations
  where relkind = 'm';
select is_empty(
  $$select name from tests.matviews where tests.leak_in(tests.shown_to('operator', 'select * from ' || name)) is null$$,
  'S4 every materialized view holds rows of the victim'
);
select is_empty(
  $$select who, name, tests.answer(who, statement || name)
    from tests.matviews
    cross join (values ('visitor'), ('acme_owner'), ('platform_admin'), ('service')) as w (who)
    cross join (values ('select from '), ('refresh materialized view '), ('refresh materialized view concurrently '),
      ('drop materialized view ')) as s (statement)
    where tests.answer(who, statement || name) !~ '^42501 (permission denied for|must be owner of) '$$,
  'S4 nobody from the API reads, refreshes or drops one'
);
select is_empty(
  $$select served, who from tests.matviews, unnest(array['acme_owner', 'acme_viewer', 'acme_inactive',
    'stranger']) as who
    where tests.leak_in(tests.shown_to(who, 'select * from ' || served)) is not null$$,
  'S4 what stands before it shows no other tenant'
);
select is_empty(
  $$select served from tests.matviews
    where tests.answer('globex_owner', 'select from ' || served) <> tests.answer('operator',
      format('select from %s where tenant_id = tests.tenant_id(''globex'')', name))$$,
  'S4 and each tenant all of its own'
);
-- A filter on the view cannot look behind it either: the total is taken over what the caller may see.
select is(
  tests.value_as('acme_owner', 'select sum(tokens) from public.monthly_usage_summary'),
  tests.value_as('operator', $$select sum(tokens) from private.monthly_usage_summary
    where tenant_id = tests.tenant_id('acme')$$),
  'S4 a sum is that of the own tenant'
);
select isnt(
  tests.value_as('acme_owner', 'select sum(tokens) from public.monthly_usage_summary'),
  tests.value_as('operator', 'select sum(tokens) from private.monthly_usage_summary'), 'S4 and not that of all'
);

select * from finish();
rollback;
