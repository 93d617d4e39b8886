-- What a schedule runs, runs with the rights of the database's owner: so nobody writes one but who has them. A service key
-- that could would be a way past the audit log and to platform administration.
begin;
\ir ../helpers/cast.psql
select plan(17);

select cmp_ok((select count(*) from ops.schedules), '>=', 3::bigint, 'P3 there are schedules');
select tests.throws_as(who, 'select from ops.schedules', '42501', 'permission denied for ' || what,
  format('P3 %s does not see them', who))
from (
  values ('acme_owner', 'table schedules'), ('platform_admin', 'table schedules'), ('visitor', 'schema ops')
) as v (who, what);
select is(tests.rows_as('service', 'select from ops.schedules'), (select count(*)::integer from ops.schedules),
  'P3 the service role does');
select tests.throws_as('service', statement, '42501', 'permission denied for table schedules',
  format('C7 but does not: %s', left(statement, 40)))
from (values
  ($$insert into ops.schedules (name, description, cron, kind, target) values ('x', 'x', '* * * * *', 'sql', 'insert into private.platform_admins')$$),
  ($$update ops.schedules set target = 'insert into private.platform_admins', kind = 'sql'$$)
) as v (statement);
select tests.lives_as('service', $$update ops.schedules set is_enabled = false where name = 'refresh-views'$$,
  'P3 it switches one off');
select throws_ok(
  format('insert into ops.schedules (name, description, cron, kind, target, timeout_seconds, body) values (%s)', row),
  '23514',
  format('new row for relation "schedules" violates check constraint "%s"', name), format('P3 refused: %s', name)
)
from (values
  ($$'No Words', 'x', '* * * * *', 'sql', 'x', 1, '{}'$$, 'name_is_lower_case_words'),
    ($$'x', 'x', '* * * * *', 'shell', 'x', 1, '{}'$$, 'kind_is_known'),
  ($$'x', 'x', '* * * * *', 'sql', 'x', 0, '{}'$$, 'timeout_is_between_1_second_and_1_hour'),
    ($$'x', 'x', '* * * * *', 'sql', 'x', 1, '[]'$$, 'body_is_an_object'),
  ($$repeat('x', 51), 'x', '* * * * *', 'sql', 'x', 1, '{}'$$, 'name_has_at_most_50_letters'),
    ($$'x', 'x', '* * * * *', 'function', '../x', 1, '{}'$$, 'function_is_named_by_words')
) as v (row, name);
select lives_ok($$insert into ops.schedules (name, description, cron, kind, target) values ('x-1', 'x', '* * * * *', 'function', 'x')$$, 'P3 one that is right');
select lives_ok(format('insert into ops.schedules (name, description, cron, kind, target) values (%s)', row), 'P3 ' || what)
from (values
  ($$repeat('x', 50), 'x', '* * * * *', 'sql', 'x'$$, 'a name of 50 letters'),
  ($$'x-2', 'x', '* * * * *', 'sql', '../x'$$, 'SQL of any words')
) as v (row, what);

select * from finish();
rollback;
