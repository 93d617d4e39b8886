-- TRUNCATE empties every tenant's rows at once, REFERENCES asks whether any row is there, TRIGGER runs code of the
-- intruder's as whoever writes: none of them asks a policy. Nor does what only an owner may do. Each tried on every
-- table by every role.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
select plan(9);

-- Somewhere to make tables and functions in, which no API role has outside of this test.
create schema intruder;
grant all on schema intruder to anon, authenticated, service_role;
create function intruder.spy() returns trigger language plpgsql as 'begin return new; end';
grant execute on function intruder.spy() to public;

create table tests.targets as
  select t.name, t.schema, coalesce(a.columns, '-') as key, array_length(string_to_array(a.columns, ','), 1) as width
  from tests.tables as t
  left join lateral (
    select string_agg(quote_ident(k.attname), ', ' order by k.attnum) as columns
    from pg_index as i join pg_attribute as k on k.attrelid = i.indrelid and k.attnum = any (i.indkey)
    where i.indrelid = t.oid and i.indisprimary
  ) as a on true;
create table tests.powers as
  select w.who, t.name, s.right_name, replace(replace(s.form, '?', t.name), '#', t.key) as statement
  from tests.targets as t
  cross join (values ('acme_owner'), ('platform_admin'), ('service'), ('visitor')) as w (who)
  cross join (values ('truncate', 'truncate ?'), ('truncate', 'truncate ? cascade'),
    ('truncate', 'truncate only ? restart identity'),
    ('trigger', 'create trigger spy before insert on ? for each row execute function intruder.spy()'),
    ('trigger', 'create constraint trigger spy after insert on ? for each row execute function intruder.spy()'),
    ('own', 'alter table ? disable row level security'), ('own', 'alter table ? disable trigger all'),
    ('own', 'create policy open on ? using (true)'), ('own', 'alter table ? owner to current_user'),
      ('own', 'drop table ?'),
    ('own', 'create rule spy as on select to ? do instead select 1'), ('own', 'create index on ? (#)'),
    ('own', 'create statistics intruder.spy on tenant_id, id from ?'), ('own', 'alter table ? add column spy text')
  ) as s (right_name, form);

select cmp_ok((select count(*) from tests.powers), '>', 1500::bigint, 'S2 there is much to try');
select is_empty(
  $$select who, statement, tests.answer(who, statement) from tests.powers
    where tests.answer(who, statement) !~ '^42501 (permission denied for|must be owner of) (table|relation|schema) '$$,
  'S2 nobody from the API truncates, hangs a trigger on, or acts as the owner of any table'
);
-- The oracle of REFERENCES: a table of the intruder's own, whose key asks whether a row of ours is there.
create table tests.references as
  select w.who, t.name, format('create table intruder.spy (%s, foreign key (%s) references %s)', c.columns, t.key,
    t.name) as statement
  from tests.targets as t
  cross join (values ('acme_owner'), ('platform_admin'), ('service')) as w (who)
  cross join lateral (
    select string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ') as columns
    from pg_attribute as a where a.attrelid = t.name::regclass and quote_ident(a.attname) = any (string_to_array(t.key,
      ', '))
  ) as c
  where t.key <> '-';
select cmp_ok((select count(*) from tests.references), '>', 90::bigint, 'S4 there are keys to ask');
select is_empty(
  $$select who, statement, tests.answer(who, statement) from tests.references
    where tests.answer(who, statement) !~ '^42501 permission denied for (table|schema) '$$,
  'S4 nobody from the API makes a key that points at a table of ours'
);
select is(tests.answer('operator', (select statement from tests.references where name = 'public.projects' limit 1)),
  '0 rows',
  'S4 the statement is right: the operator makes one');

-- What the rights would do: granted, the truncate goes past every policy, also to the other tenants' rows.
create function tests.left_after_truncate() returns text language plpgsql as $$
declare
  v_left text;
begin
  grant truncate on public.feedback to authenticated;
  perform tests.rows_as('acme_customer', 'truncate public.feedback');
  select count(*) into v_left from public.feedback;
  raise exception using errcode = 'UNDO0', message = v_left;
exception
  when sqlstate 'UNDO0' then
    return sqlerrm;
end
$$;
select cmp_ok((select count(distinct tenant_id) from public.feedback), '=', 2::bigint, 'S2 two tenants have feedback');
select is(tests.left_after_truncate(), '0', 'S2 with the right, a customer of one empties both');
select is_empty(
  $$select g.name, g.grantee, g.privilege from tests.grants as g
    where g.kind in ('relation', 'column') and g.grantee in ('public', 'anon', 'authenticated', 'service_role')
      and g.privilege not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')$$,
  'S2 nobody holds it'
);
select is_empty(
  $$select t.oid::regclass from pg_class as t, unnest(array['anon', 'authenticated', 'service_role']) as r
    where t.relnamespace = 'auth'::regnamespace and t.relkind = 'r' and has_table_privilege(r, t.oid,
      'truncate, references, trigger')$$,
  'S2 nor over the accounts'
);

select * from finish();
rollback;
