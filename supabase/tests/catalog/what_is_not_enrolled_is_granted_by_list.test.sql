-- Of an enrolled table, the declaration says who holds what. Everything else that an API role may read or write is
-- written down with its reason (helpers/matrix/exceptions.psql, views.psql), and the catalogue holds that and no more.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/matrix.psql
select plan(4);

create view tests.other_grants as
  select g.name, g.kind, g.grantee, g.privilege
  from tests.grants as g
  where g.kind in ('relation', 'column')
    and g.grantee in ('authenticated', 'service_role')
    and not exists (
      select from private.enrollments as e where g.name = e.relation or starts_with(g.name, e.relation || '.'));

-- An insert or update of some columns is granted by column.
create view tests.listed_grants as
  select r.relation as name, 'relation' as kind, r.grantee, upper(r.verb) as privilege
  from tests.rights as r where r.because is not null and r.columns is null
  union all
  select format('%s.%I', r.relation, c), 'column', r.grantee, upper(r.verb)
  from tests.rights as r cross join lateral unnest(r.columns) as c where r.because is not null
  union all
  select v.view, 'relation', g, 'SELECT' from tests.view_rules as v cross join lateral unnest(v.grantees) as g;

select cmp_ok((select count(*) from tests.other_grants), '>', 20::bigint, 'S2 there are grants to look at');
select is_empty(
  $$select name, kind, grantee, privilege from tests.other_grants except select * from tests.listed_grants$$,
  'S2 nothing is granted that is not written down'
);
select is_empty(
  $$select * from tests.listed_grants except select name, kind, grantee, privilege from tests.other_grants$$,
  'S2 and nothing is written down that is not granted'
);
select is_empty(
  $$select g.name, g.grantee, g.privilege from tests.other_grants as g join tests.relations as v on v.name = g.name
    where v.relkind = 'v' and v.schema = 'public' and g.privilege <> 'SELECT'$$,
  'S4 the views of public are only read'
);

select * from finish();
rollback;
