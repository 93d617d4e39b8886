-- DELETE reads only USING: where the stronger rule stands in WITH CHECK, or one policy serves ALL verbs, a reader
-- deletes.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
select plan(7);

-- Every way to delete a row, for those who read it and must not: readers of the tenant, and its customer.
create table tests.deletions as
  select e.relation, w.who, replace(replace(s.form, '?', e.relation), '$', e.tenant_column) as statement
  from private.enrollments as e
  cross join (values ('acme_viewer'), ('acme_customer'), ('acme_north')) as w (who)
  cross join (values ('delete from ?'), ('delete from ? returning *'), ('delete from only ? where true'),
    ('delete from ? as t using public.memberships as m where m.tenant_id = t.$'),
    ('with gone as (delete from ? returning *) select from gone'),
    ('merge into ? as t using public.memberships as m on (m.tenant_id = t.$ and m.user_id = auth.uid()) when matched then delete')
  ) as s (form)
  -- Confined to a branch, a member writes; what is not theirs they still must not delete.
  where w.who <> 'acme_north' or e.write_role is null or private.role_rank(e.write_role) > 3;
select cmp_ok((select count(*) from tests.deletions), '>', 150::bigint, 'S2 there are ways to try');
select is_empty(
  $$select who, statement, tests.answer(who, statement) from tests.deletions
    where tests.answer(who, statement)
      !~ '^(0 rows$|42501 (permission denied for table|target row violates row-level security) )'$$,
  'S2 who may only read deletes nothing in any table, by any form of statement'
);
select is_empty(
  $$select e.relation from private.enrollments as e
    where e.read_role is not null and private.role_rank(e.read_role) < 5 and e.relation <> 'public.membership_branches'
      and tests.answer('acme_viewer', 'select from ' || e.relation) = '0 rows'$$,
  'S2 the rows are there, and read'
);
-- The twin: an owner of the tenant, or of the row, deletes with the same statement.
select is_empty(
  $$select e.relation, tests.answer(w.who, 'delete from ' || e.relation)
    from private.enrollments as e
    cross join lateral (select case when e.remove_role is null then 'acme_member' else 'acme_owner' end) as w (who)
    where has_table_privilege('authenticated', e.relation, 'delete')
      and tests.answer(w.who, 'delete from ' || e.relation) !~ '^([1-9]\d* rows$|23503 |23001 |PT409 The flow has run)'$$,
  'S2 who may delete does'
);

-- The policy that would let them, as the rule and as the attack see it.
create function tests.policies_for_all() returns bigint language sql
  begin atomic; select count(*) from pg_policy as p join tests.tables as t on t.oid = p.polrelid
    where p.polcmd = '*'; end;
select is(tests.policies_for_all(), 0::bigint, 'S2 no policy serves all verbs at once');
create policy careless on public.feedback for all to authenticated
  using (tenant_id = any ((select r.viewer from private.my_reach as r)::uuid[]))
  with check (tenant_id = any ((select r.admin from private.my_reach as r)::uuid[]));
select is(tests.policies_for_all(), 1::bigint, 'S2 one that does is noticed');
select is(tests.answer('acme_viewer', 'delete from public.feedback where comment is not null'), '1 rows',
  'S2 and by it a viewer deletes');

select * from finish();
rollback;
