-- Today's usage of the caller, or of the member that the service names.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/chat.psql
select plan(11);

create view tests.today as select u.tokens, u.messages, u.cost from public.usage_metrics as u
  where u.user_id = tests.user_id('acme_manager') and u.tenant_id = tests.tenant_id('acme')
    and u.day = (now() at time zone 'utc')::date;

select is_empty('table tests.today', 'A4 nothing so far');
select tests.lives_as('acme_manager', $$select * from public.increment_usage(tests.tenant_id('acme'), 10, 2, 0.25)$$,
  'A4 a member counts up');
select results_eq('table tests.today', $$values (10::bigint, 2::bigint, 0.25::numeric)$$, 'A4 so much');
select tests.lives_as('acme_manager', $$select * from public.increment_usage(tests.tenant_id('acme'))$$,
  'A4 one message by default');
select results_eq('table tests.today', $$values (10::bigint, 3::bigint, 0.25::numeric)$$, 'A4 is added');
select tests.lives_as('acme_manager',
  $$select * from public.increment_usage(tests.tenant_id('acme'), user_id => auth.uid(), messages => 0)$$,
  'A4 naming oneself is fine');
select tests.sign_in_as_service();
select results_eq(
  $$select day, total_tokens, total_messages, total_cost from public.increment_usage(tests.tenant_id('acme'), 5, 0, 0.5, tests.user_id('acme_manager'))$$,
  $$values ((now() at time zone 'utc')::date, 15::bigint, 3::bigint, 0.75::numeric)$$,
  'A4 the service adds to a member, and gets the day''s total'
);
select lives_ok(
  $$select * from public.increment_usage(tests.tenant_id('acme'), 1, 1, 0, tests.user_id('acme_customer'))$$,
  'A4 to a customer too'
);
select tests.as_operator();
select results_eq('table tests.today', $$values (15::bigint, 3::bigint, 0.75::numeric)$$, 'A4 and so it is');
select is((select count(*) from public.usage_metrics where tenant_id = tests.tenant_id('globex')), 1::bigint,
  'A4 Globex is untouched');
select is((select sum(tokens) from public.usage_metrics where user_id = tests.user_id('acme_member')), 101::numeric,
  'A4 other members too');

select * from finish();
rollback;
