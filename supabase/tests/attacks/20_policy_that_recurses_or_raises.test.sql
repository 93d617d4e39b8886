-- A policy that reads a table with policies recurses (42P17) and shuts everybody out; one that raises on a strange row
-- or a strange claim lets one caller, or one row, shut out the rest.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
\ir ../helpers/attacks-claims.psql
select plan(7);

create table tests.people as
  select split_part(email, '@', 1) as who from public.users
    where email like '%@tests.example' union all select 'service';
create table tests.verbs as
  select e.relation, v.verb, replace(replace(replace(v.form, '?', e.relation), '$', e.tenant_column), '#',
    coalesce(e.update_columns[1], 'id')) as statement
  from private.enrollments as e
  cross join (values ('select', 'select from ?'), ('update', 'update ? set # = #'),
    ('delete', 'delete from ? where false'),
    ('lock', 'select from ? for update'), ('join', 'select from ? as a join ? as b using ($)'),
    ('members',
      'select from ? as t where exists (select from public.memberships as m join public.users as u on u.id = m.user_id where m.tenant_id = t.$)')
  ) as v (verb, form)
  where e.read_role is not null;
select cmp_ok((select count(*) from tests.verbs, tests.people), '>', 1000::bigint, 'S6 there is much to try');
select is_empty(
  $$select who, statement, tests.answer(who, statement) from tests.verbs, tests.people
    where tests.answer(who, statement) !~ '^(\d+ rows$|42501 permission denied for table )'$$,
  'S6 no statement of anybody recurses, or fails for another reason than a right that is missing'
);

-- Odd rows: values at the edge of what is allowed, put in where a member may put them.
update public.conversations set title = '', metadata = '{"tenant_id": "not an id", "a": [null, {"b": 1e308}]}'
  where tenant_id = tests.tenant_id('acme');
update public.projects set external_ids = '{"github_repo": null, "linear_team": {"x": []}}', settings = '{"": ""}'
  where tenant_id = tests.tenant_id('acme');
update public.users set full_name = chr(1) || '%_''"\', avatar_url = null where id = tests.user_id('acme_member');
update public.conversations set user_id = null, project_id = null where tenant_id = tests.tenant_id('acme');
select is_empty(
  $$select who, name, tests.answer(who, 'select from ' || name) from tests.readable,
    unnest(array['acme_owner', 'acme_customer', 'acme_north', 'globex_owner']) as who
    where tests.answer(who, 'select from ' || name) !~ '^\d+ rows$'$$,
  'S6 no row, however odd, makes a policy or a view fail'
);
select is_empty(
  $$select p.polrelid::regclass, p.polname, x.expression
    from pg_policy as p join tests.tables as t on t.oid = p.polrelid
    cross join lateral (values (pg_get_expr(p.polqual, p.polrelid)),
      (pg_get_expr(p.polwithcheck, p.polrelid))) as x (expression)
    where regexp_replace(x.expression, '\( SELECT [^()]*\)::uuid\[\]|\( SELECT private\.\w+\(\) AS \w+\)::uuid\[\]',
      '', 'g') ~ '::(?!text\M)|->'$$,
  'S6 no policy casts or takes apart a value of the row'
);

-- A claim that raises is the trouble of its own statement; the next caller on the connection is served.
create function tests.two_callers() returns text language plpgsql as $$
begin
  return concat_ws(', ', tests.answer_with('{"sub": "broken"}', 'select from public.memberships'),
    tests.answer('acme_member', 'select from public.memberships'));
end
$$;
select is(tests.two_callers(), '22P02 invalid input syntax for type uuid: "broken", 11 rows',
  'S6 a broken claim shuts nobody else out');

-- What recursion looks like, so that its absence above means something.
create policy careless on public.memberships for select to authenticated
  using (exists (select from public.memberships as m where m.tenant_id = memberships.tenant_id and m.user_id
    = (select auth.uid())));
select is(tests.answer('acme_member', 'select from public.memberships'),
  '42P17 infinite recursion detected in policy for relation "memberships"',
    'S6 a policy on memberships that reads memberships is caught');
drop policy careless on public.memberships;
select is(tests.answer('acme_member', 'select from public.memberships'), '11 rows', 'S6 without it a member reads on');

select * from finish();
rollback;
