-- RETURNING, upsert, MERGE, UPDATE .. FROM, locking reads, writing CTEs: each form asks other policies than the plain
-- verb. COPY through the client is tried in tests/attacks/10-copy.test.ts.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
select plan(9);

-- Where the caller may update, a column to set; elsewhere the id.
create table tests.aims as
  select e.relation, e.tenant_column, coalesce(e.update_columns[1], 'id') as changeable,
    e.read_role is not null as is_read,
    format('%I = tests.tenant_id(''globex'')', e.tenant_column) as victims
  from private.enrollments as e;
create table tests.forms (form text);
insert into tests.forms
values ('select from ? where @'), ('select from ? where @ for update'),
  ('select from ? where @ for key share skip locked'),
  ('update ? set $ = $ where @'), ('update ? set $ = $ where @ returning *'), ('delete from ? where @ returning *'),
  ('update ? as t set $ = t.$ from public.tenants as x where x.id is not null and t.@'),
  ('delete from ? as t using public.tenants as x where t.@'),
  ('with changed as (update ? set $ = $ where @ returning *) select from changed'),
  ('merge into ? as t using (select 1) as x on (t.@) when matched then delete'),
  ('merge into ? as t using (select 1) as x on (t.@) when matched then update set $ = t.$'),
  ('merge into ? as t using (select 1) as x on (t.@) when matched then do nothing'),
  ('select from ? as t where @ and exists (select from ? as u where u.id = t.id)'),
  ('select from (select * from ? order by id) as t where @'), ('select from ? tablesample bernoulli (100) where @'),
  ('select max(t::text) from ? as t where @ group by t.id'), ('select from ? where not @ is distinct from true');
create table tests.tries as
  select a.relation, f.form, replace(replace(replace(f.form, '?', a.relation), '$', a.changeable), '@',
    a.victims) as statement
  from tests.aims as a cross join tests.forms as f where a.is_read;

select cmp_ok((select count(*) from tests.tries), '>', 150::bigint, 'S2 there are statements to try');
select is_empty(
  $$select w.who, statement, tests.answer(w.who, statement) from tests.tries
    cross join (values ('acme_owner'), ('acme_member'), ('stranger')) as w (who)
    where tests.answer(w.who, statement) !~ '^(0 rows$|42501 permission denied for table )'$$,
  'S2 no form of statement finds, locks, changes or deletes a row of another tenant'
);
select is_empty(
  $$select relation, statement, tests.answer('globex_owner', statement) from tests.tries
    where form in ('select from ? where @', 'select from ? tablesample bernoulli (100) where @')
      and tests.answer('globex_owner', statement) = '0 rows'$$,
  'S2 their owner finds them by the same statement'
);
select cmp_ok((select count(*) from tests.tries
  where form like 'update % returning *' and tests.answer('globex_owner', statement) ~ '^[1-9]\d* rows'), '>=',
    3::bigint,
  'S2 and changes them');

-- What puts a row in: the insert's own policy is asked first, also where a row is already there.
create table tests.puts as
  select a.relation, tests.copy_of(a.relation, 'globex') || f.form as statement
  from tests.aims as a
  cross join lateral (values (''), (' returning *'), (' on conflict do nothing'),
    (' on conflict do nothing returning *'),
    (format(' on conflict (%s) do update set %I = excluded.%I', (
      select string_agg(quote_ident(k.attname), ', ') from pg_index as i
      join pg_attribute as k on k.attrelid = i.indrelid and k.attnum = any (i.indkey)
      where i.indrelid = a.relation::regclass and i.indisprimary), a.changeable, a.changeable))) as f (form)
  union all
  select a.relation, format('insert into %s default values', a.relation) from tests.aims as a;
select cmp_ok((select count(*) from tests.puts), '>=', 50::bigint, 'S2 there are rows to put in');
select is_empty(
  $$select statement, tests.answer('acme_owner', statement) from tests.puts
    where tests.answer('acme_owner', statement)
      !~ '^42501 (new row violates row-level security policy for|permission denied for) table '$$,
  'S2 each is refused, whether it is there or not'
);
select is_empty(
  $$select relation, tests.answer('acme_owner',
    format('merge into %1$s as t using (select 1) as x on (false) when not matched then
      insert (%2$I) values (tests.tenant_id(''globex''))', relation, tenant_column))
    from tests.aims where tests.answer('acme_owner',
      format('merge into %1$s as t using (select 1) as x on (false) when not matched then
      insert (%2$I) values (tests.tenant_id(''globex''))', relation, tenant_column)) not like '42501 %'$$,
  'S2 MERGE inserts none either'
);
select matches(tests.answer(who, 'copy public.projects to program ''true'''),
  '^42501 .* to COPY to or from an external program',
  format('S2 %s runs no program', who))
from (values ('acme_owner'), ('service')) as v (who);

select * from finish();
rollback;
