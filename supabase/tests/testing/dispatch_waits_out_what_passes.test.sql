-- A lock, a deadlock or a full server is not the schedule's fault: it stays due.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/testing_schedules.psql
select plan(12);
create table tests.trouble (code text);
create function tests.tg_trouble() returns trigger language plpgsql as $$
begin
  raise exception using errcode = (select t.code from tests.trouble as t), message = 'Trouble.';
end
$$;
create trigger trouble before insert on public.scheduled_test_executions
  for each row when (new.flow_id = tests.id('flow', 'acme')) execute function tests.tg_trouble();
select tests.schedule('troubled', '{"cron": "0 * * * *", "next_run_at": "2026-01-02 02:00Z"}');
select tests.schedule('good', '{"cron": "0 * * * *", "next_run_at": "2026-01-02 02:00Z"}', 'globex');

insert into tests.trouble values ('40P01');
select is(tests.dispatch('2026-01-02 02:00Z'), '1 0 0 1', 'T5: after a deadlock it is postponed, the other one runs');
select is(tests.next_run('troubled'), '01-02 02:00', 'T5: and due as before');
select is(tests.next_run('good'), '01-02 03:00', 'T5: the other one has its next time');
select is((select last_error from public.test_schedules where name = 'troubled'), null, 'T5: there is nothing to tell');
update tests.trouble set code = c.code from (values ('40001')) as c (code);
select is(tests.dispatch('2026-01-02 02:01Z'), '0 0 0 1', 'T5: a serialization failure');
update tests.trouble set code = '53200';
select is(tests.dispatch('2026-01-02 02:02Z'), '0 0 0 1', 'T5: no memory');
update tests.trouble set code = '55P03';
select is(tests.dispatch('2026-01-02 02:03Z'), '0 0 0 1', 'T5: a lock');
select is(tests.next_run('troubled'), '01-02 02:00', 'T5: still due');
update tests.trouble set code = '55000';
select is(tests.dispatch('2026-01-02 02:04Z'), '0 0 1 0', 'T5: anything else is a failure');
select is((select last_error from public.test_schedules where name = 'troubled'), 'Trouble. (55000)', 'T5: that is told');
select is(tests.next_run('troubled'), '01-02 03:00', 'T5: and passed');
drop trigger trouble on public.scheduled_test_executions;
select is(tests.dispatch('2026-01-02 03:00Z'), '2 0 0 0', 'T5: without trouble it runs');

select * from finish();
rollback;
