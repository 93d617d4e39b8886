-- What an admin confined to North must not learn by another road: the audit log holds the rows of all branches.
begin;
\ir ../helpers/cast.psql
select plan(3);

select tests.enter('north_admin');
select tests.join('north_admin', 'acme', 'admin', 'acme_north');
update public.projects set description = 'a secret of South' where id = tests.project_id('acme_south');

select is(tests.rows_as('north_admin', 'select from public.projects'), 2,
  'S5 a confined admin sees North and the house');
select is(
  tests.rows_as('acme_admin', $$select from public.audit_log where after ->> 'description' = 'a secret of South'$$), 1,
  'C8 the audit log shows the change of a project of South'
);
select is(
  tests.rows_as('north_admin', $$select from public.audit_log where after ->> 'description' = 'a secret of South'$$), 0,
  'S5 but not to an admin who may not see that project'
);

select * from finish();
rollback;
