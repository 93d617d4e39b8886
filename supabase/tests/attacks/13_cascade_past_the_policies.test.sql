-- ON DELETE CASCADE and SET NULL ask no policy of the child: who may not delete a row could delete its parent. (Which
-- keys reach further is written down in catalog/deletions_that_reach_further_are_listed.)
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
select plan(8);

-- Every row that somebody sees, by its table and id.
create function tests.seen_by(who text) returns table (relation text, id text, held text) language plpgsql as $$
declare
  r text;
begin
  for r in select e.relation from private.enrollments as e where e.read_role is not null and e.relation
    <> 'public.audit_log' loop
    perform tests.act_as(who);
    return query execute format('select %L, t.id::text, t::text from %s as t', r, r);
    perform tests.as_operator();
  end loop;
end
$$;
-- The rows that a statement of somebody removed or changed: how many, and one that they could not even see.
create function tests.damage(who text, statement text) returns table (hit bigint, unseen text) language plpgsql as $$
begin
  create temp table before as select * from tests.seen_by('operator');
  create temp table seen as select * from tests.seen_by(who);
  perform tests.rows_as(who, statement);
  select count(*), min(b.relation || ' ' || b.id) filter (where not exists (
    select from pg_temp.seen as s where s.relation = b.relation and s.id = b.id
  )) into hit, unseen
  from (table pg_temp.before except select * from tests.seen_by('operator')) as b;
  raise exception using errcode = 'UNDO0';
exception
  when sqlstate 'UNDO0' then
    return next;
  when foreign_key_violation or restrict_violation or sqlstate 'PT409' then
    -- What is pointed at stays, and with it all that hangs on it.
    hit := 0;
    return next;
end
$$;

-- A confined manager, admin and owner of rows; projects hold their branches, so the ones with none can go.
update public.memberships set role = 'admin' where user_id = tests.user_id('acme_north');
update public.conversations set project_id = tests.project_id('acme_house') where tenant_id = tests.tenant_id('acme');
insert into public.branches (tenant_id, id, name) values (tests.tenant_id('acme'), tests.branch_id('acme_empty'),
  'Empty');
select tests.join('acme_south_hand', 'acme', 'viewer', 'acme_empty') from tests.enter('acme_south_hand');
create table tests.deletions as
  select w.who, 'delete from ' || e.relation || c.condition as statement
  from private.enrollments as e
  cross join (values ('acme_owner'), ('acme_admin'), ('acme_manager'), ('acme_north'), ('both_member'),
    ('platform_admin')) as w (who)
  cross join lateral (values (case e.relation when 'public.branches' then ' where name in (''Empty'', ''Main'')' else '' end)) as c (condition)
  where has_table_privilege('authenticated', e.relation, 'delete');
create table tests.damages as select d.*, g.* from tests.deletions as d cross join lateral tests.damage(d.who,
  d.statement) as g;
select cmp_ok((select count(*) from tests.damages where hit > 1), '>=', 6::bigint,
  'S4 deletions that reach further than their own table');
select is_empty('select * from tests.damages where unseen is not null',
  'S4 none reaches a row that its author does not see');
select is(tests.answer('platform_admin', 'delete from public.messages'), '4 rows',
  'C7 of two tenants, where one sees both');

select is(tests.answer('acme_admin', 'delete from public.branches where name = ''Empty'''), '1 rows',
  'S5 a branch is deleted');
select is(tests.value_as('acme_south_hand', 'select count(*) from public.projects where branch_id is not null'), '0',
  'S5 who was confined to it sees no branch''s rows before');
delete from public.branches where id = tests.branch_id('acme_empty');
select is(tests.value_as('acme_south_hand', 'select count(*) from public.projects where branch_id is not null'), '0',
  'S5 nor after');
insert into public.messages (tenant_id, conversation_id, author_id, role, content)
values (tests.tenant_id('acme'), tests.conversation_id('acme_first'), tests.user_id('acme_member2'), 'user', 'Mine');
select matches(tests.answer('acme_member', 'delete from public.conversations'),
  '^PT409 The conversation holds messages of other members\.',
  'S4 who began a conversation does not empty it of the words of others');
select is(tests.answer('acme_manager', 'delete from public.conversations'), '2 rows', 'A6 a manager may');

select * from finish();
rollback;
