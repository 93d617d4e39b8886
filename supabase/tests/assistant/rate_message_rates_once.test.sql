-- One rating of each person on each message; rating again changes it.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/chat.psql
select plan(16);

create function tests.rate(message text, rating text, tenant text default 'acme',
  comment text default null) returns uuid language sql
  begin atomic; select public.rate_message(tests.tenant_id(tenant), tests.message_id(message), rating, comment); end;
grant execute on function tests.rate(text, text, text, text) to anon, authenticated, service_role;
create view tests.mine as select rating, comment from public.feedback
  where message_id = tests.message_id('acme_question') and user_id = tests.user_id('acme_member2');

select tests.sign_in('acme_member2');
create temp table ids as select tests.rate('acme_question', 'up', comment => 'fine') as first;
select is(tests.rate('acme_question', 'down'), (select first from ids), 'A3 rating again gives the same feedback');
select tests.as_operator();
select results_eq('table tests.mine', $$values ('down', null::text)$$, 'A3 with the new rating and comment');
select tests.throws_as('acme_member2', $$insert into public.feedback (tenant_id, message_id, rating)
  values (tests.tenant_id('acme'), tests.message_id('acme_question'), 'up')$$, '23505',
  'duplicate key value violates unique constraint "feedback_tenant_id_message_id_user_id_key"',
  'A3 a second one is refused');
select tests.throws_as(who, format('select tests.rate(%s)', arguments), code, message,
  format('A3 %s: %s', who, arguments))
from (values
  ('acme_viewer', '''acme_question'', ''up''', '42501',
    'new row violates row-level security policy for table "feedback"'),
  ('acme_customer', '''acme_question'', ''up''', '42501',
    'new row violates row-level security policy for table "feedback"'),
  ('globex_member', '''acme_question'', ''up''', '42501',
    'new row violates row-level security policy for table "feedback"'),
  ('globex_member', '''acme_question'', ''up'', ''globex''', '23503',
    'insert or update on table "feedback" violates foreign key constraint "feedback_tenant_id_message_id_fkey"'),
  ('acme_member', '''nothing'', ''up''', '23503',
    'insert or update on table "feedback" violates foreign key constraint "feedback_tenant_id_message_id_fkey"'),
  ('acme_member', '''acme_other'', ''maybe''', '23514',
    'new row for relation "feedback" violates check constraint "rating_is_up_or_down"'),
  ('acme_member', '''acme_other'', null', '23502',
    'null value in column "rating" of relation "feedback" violates not-null constraint'),
  ('visitor', '''acme_other'', ''up''', '42501', 'permission denied for function rate_message'),
  ('service', '''acme_other'', ''up''', '42501', 'permission denied for function rate_message')
) as v (who, arguments, code, message);
select is((select count(*) from public.feedback where message_id = tests.message_id('acme_other')), 0::bigint,
  'A3 none of it is there');
select is(tests.rows_as('acme_member', 'select tests.rate(''acme_other'', ''up'')'), 1, 'A3 a member rates');
select is(tests.rows_as('acme_manager', 'update public.feedback set rating = ''down'''), 0,
  'A6 nobody changes another''s rating');
select is(tests.rows_as('acme_manager', 'delete from public.feedback'), 4, 'A6 a manager deletes those of the tenant');

select * from finish();
rollback;
