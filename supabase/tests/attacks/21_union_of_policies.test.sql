-- Permissive policies are joined by "or", USING of the one with WITH CHECK of the other: two narrow ones can add up to
-- a wide one. And a check that looks at less than USING lets a row be changed into one the caller could not have
-- written.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
select plan(10);

create view tests.unions as
  select p.polrelid::regclass::text as relation, v.verb
  from pg_policy as p
  join pg_class as c on c.oid = p.polrelid and c.relnamespace::regnamespace::text in ('public', 'private', 'ops')
  cross join lateral (values ('r'), ('a'), ('w'), ('d')) as v (verb)
  where p.polpermissive and p.polcmd in ('*', v.verb::"char")
  group by p.polrelid, v.verb
  having count(*) > 1;
select is_empty('select * from tests.unions', 'S2 no verb of any table has two policies to add up');

-- Values of one role's state, written by another: every column that a member may change, to every value found in it.
create table tests.changes as
  select w.who, e.relation, e.owner_column, c.column_name,
    format('update %1$s as t set %2$I = x.%2$I from %1$s as x where x.id <> t.id', e.relation, c.column_name) as statement
  from private.enrollments as e
  cross join lateral unnest(e.update_columns) as c (column_name)
  cross join (values ('acme_viewer'), ('acme_customer'), ('acme_member'), ('acme_north'), ('acme_manager'),
    ('acme_admin')) as w (who);
create function tests.changed_of_others(who text, relation text, owner_column text, statement text) returns bigint
  language plpgsql as $$
declare
  v_changed bigint;
begin
  execute format('create temp table before as select id, to_jsonb(t) - ''updated_at'' as held, to_jsonb(t) ->> %L as owner'
    ' from %s as t', coalesce(owner_column, '-'), relation);
  if tests.answer(who, statement) ~ '^[1-9]\d* rows$' then
    perform tests.rows_as(who, statement);
  end if;
  execute format('select count(*) from pg_temp.before as b join %s as t using (id)'
    ' where b.held <> to_jsonb(t) - ''updated_at'' and b.owner is distinct from %L', relation,
      tests.user_id(who)) into v_changed;
  raise exception using errcode = 'UNDO0', message = v_changed;
exception
  when sqlstate 'UNDO0' then
    return sqlerrm;
end
$$;
select cmp_ok((select count(*) from tests.changes), '>', 80::bigint, 'S2 there are values to try');
select is_empty(
  $$select c.who, c.statement from tests.changes as c join private.enrollments as e using (relation)
    where (c.owner_column is not null
      or array_position('{acme_customer,acme_viewer,acme_member,acme_manager,acme_admin}', c.who)
        < array_position('{customer,viewer,member,manager,admin}', e.write_role))
      and tests.changed_of_others(c.who, c.relation, c.owner_column, c.statement) > 0$$,
  'S2 nobody changes the row of another owner, or a row of a table above their role, by whatever value'
);
select cmp_ok((select count(*) from tests.changes
    where tests.changed_of_others(who, relation, null, statement) > 0), '>', 4::bigint,
      'S2 by the same statements those who may do change rows');

-- A row that a confined manager may change, made into one of a branch they are not in.
update public.memberships set role = 'manager' where user_id = tests.user_id('acme_north');
create function tests.moved_to(e private.enrollments, branch text) returns text language plpgsql as $$
begin
  execute format('update %s set %I = tests.branch_id(''acme_north'') %s where %I = tests.tenant_id(''acme'')',
    e.relation, e.branch_column, coalesce(', ' || quote_ident(e.owner_column) || ' = tests.user_id(''acme_north'')', ''),
    e.tenant_column);
  raise exception using errcode = 'UNDO0', message = tests.answer('acme_north',
    format('update %s set %I = tests.branch_id(%L)', e.relation, e.branch_column, branch));
exception
  when sqlstate 'UNDO0' then
    return sqlerrm;
end
$$;
select is_empty(
  $$select e.relation, branch, tests.moved_to(e, branch)
    from private.enrollments as e, unnest(array['acme_south', 'globex_main']) as branch
    where e.branch_column = any (e.update_columns)
      and tests.moved_to(e, branch) not like '42501 new row violates row-level security policy for table %'$$,
  'S5 who is confined moves no row to another branch'
);
select is_empty(
  $$select e.relation, tests.moved_to(e, 'acme_north') from private.enrollments as e
    where e.branch_column = any (e.update_columns) and tests.moved_to(e, 'acme_north') !~ '^[1-9]\d* rows$'$$,
  'S5 to their own they may'
);
select isnt_empty('select from private.enrollments where branch_column = any (update_columns)',
  'S5 there are tables with a branch to change');
-- Planted: two policies, each of which is narrow.
select is(tests.answer('acme_member', 'update public.projects set is_archived = true where name = ''House'''),
  '0 rows', 'S2 a member archives no project');
create policy careless_1 on public.projects for update to authenticated using (name = 'House') with check (false);
create policy careless_2 on public.projects for update to authenticated using (false)
  with check (tenant_id = any ((select r.member from private.my_reach as r)::uuid[]));
select is(tests.answer('acme_member', 'update public.projects set is_archived = true where name = ''House'''), '1 rows',
  'S2 by two policies of which none lets them, they do');
select results_eq('select relation, verb from tests.unions', $$values ('projects', 'w')$$, 'S2 which is noticed');

select * from finish();
rollback;
