-- A foreign key looks past row level security: without the tenant in it, or with a tenant that may be null, a row
-- points at a row of another tenant. Every key between tenant tables, by those whom no policy stops.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
select plan(8);

create table tests.links as
  select f.name, h.name as child, p.name as parent, p.tenant_column as parent_tenant,
    (select a.attname::text from pg_attribute as a where a.attrelid = f.conrelid
      and a.attnum = f.conkey[1]) as child_tenant,
    (select a.attname::text from pg_attribute as a where a.attrelid = f.conrelid
      and a.attnum = f.conkey[cardinality(f.conkey)]) as child_key,
    (select a.attname::text from pg_attribute as a where a.attrelid = f.confrelid
      and a.attnum = f.confkey[cardinality(f.confkey)]) as parent_key
  from tests.foreign_keys as f
  join tests.holders as h on h.oid = f.conrelid
  join tests.holders as p on p.oid = f.confrelid
  where p.tenant_column <> 'id';
-- Points the rows of Acme at a row that only the named tenant has, by an update of what they have.
create function tests.crossing(l tests.links, tenant text) returns text language sql
  return format('update %1$s as c set %2$I = (select p.%3$I from %4$s as p where p.%5$I = tests.tenant_id(%6$L)'
    ' and not exists (select from %4$s as o where o.%5$I <> p.%5$I and o.%3$I = p.%3$I) limit 1) where c.%7$I = tests.tenant_id(''acme'')',
    l.child, l.child_key, l.parent_key, l.parent, l.parent_tenant, tenant, l.child_tenant);

-- What a row never changes, whosever it is, and what is never its own parent: refused before any key is asked. The keys
-- behind are tried by constraints/.
create function tests.fixed() returns text language sql immutable
  return 'PT409 A version of a flow never changes|23514 A task never changes its workflow';
create function tests.circles() returns text language sql immutable
  return '23514 new row for relation "\w+" violates check constraint "is_not_(on_itself|its_own_parent)"';

select cmp_ok((select count(*) from tests.links), '>=', 7::bigint, 'S3 there are keys between tenant tables');
select is_empty(
  $$select l.name, tests.answer('operator', tests.crossing(l, 'globex')) from tests.links as l
    where tests.answer('operator', tests.crossing(l, 'globex')) !~ format('^(23503 |%s)', tests.fixed())$$,
  'S3 no row of one tenant is pointed at a row of another, not even by the operator'
);
select is_empty(
  $$select l.name, tests.answer('service', tests.crossing(l, 'globex')) from tests.links as l
    where tests.answer('service', tests.crossing(l, 'globex')) !~ format('^(23503 |42501 permission denied for |%s)', tests.fixed())$$,
  'S3 nor by the service role'
);
select is_empty(
  $$select l.name, tests.answer('operator', tests.crossing(l, 'acme')) from tests.links as l
    where tests.answer('operator', tests.crossing(l, 'acme'))
      !~ format('^([1-9]\d* rows|23505 |%s|%s)', tests.fixed(), tests.circles())$$,
  'S3 the twin: at rows of its own tenant it is'
);

-- A key of two columns is not asked when one of them is null: the tenant never is.
select is_empty(
  $$select l.name, tests.answer('operator', format('update %s set %I = null', l.child, l.child_tenant))
    from tests.links as l
    where tests.answer('operator', format('update %s set %I = null', l.child, l.child_tenant))
      !~ '^(23502 null value in column|23514 A row of .* never changes its tenant)'$$,
  'S3 no row gives up its tenant to escape a key'
);
-- Nor is one that has not been asked yet, or not of the rows that were there.
select is_empty(
  $$select l.name from tests.links as l join pg_constraint as c on c.conname = l.name
    where c.condeferrable or not c.convalidated or c.confmatchtype not in ('s', 'f')$$,
  'S3 every key is asked at once, of all rows'
);

-- What the hole looks like: the key without the tenant takes a parent that its writer cannot even see.
create table public.careless (
  tenant_id uuid not null, id uuid not null, constraint careless_pkey primary key (tenant_id, id),
    constraint careless_id_key unique (id)
);
create table public.careless_child (
  tenant_id uuid not null, parent_id uuid not null, constraint careless_child_pkey primary key (tenant_id, parent_id),
  constraint careless_child_fkey foreign key (parent_id) references public.careless (id)
);
insert into public.careless values (tests.tenant_id('globex'), tests.id('careless', 'globex'));
grant insert on public.careless_child to authenticated;
select is(tests.answer('acme_owner', $$insert into public.careless_child values (tests.tenant_id('acme'),
  tests.id('careless', 'globex'))$$),
  '1 rows', 'S3 such a key lets the row cross, and tells that the parent is there');
select throws_ok($$call private.enroll('public.careless_child', read => 'viewer')$$, '42P16',
  'public.careless_child cannot be enrolled: foreign key careless_child_fkey must begin with the tenant on both sides.',
  'S3 a table with such a key is not enrolled');

select * from finish();
rollback;
