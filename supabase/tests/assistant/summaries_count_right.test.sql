-- The numbers, and that they are those of the last refresh.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/chat.psql
select plan(6);

refresh materialized view private.message_feedback_summary;
refresh materialized view private.monthly_usage_summary;
select tests.sign_in('acme_viewer');
select results_eq(
  'select message_id, conversation_id, day, up_count, down_count, comment_count from public.message_feedback_summary',
  $$values (tests.message_id('acme_answer'), tests.conversation_id('acme_first'), (now() at time zone 'utc')::date, 1::bigint, 1::bigint, 1::bigint)$$,
  'A3 per message: ups, downs and comments'
);
select results_eq(
  'select tenant_id, day, rated_messages, up_count, down_count, comment_count, up_share from public.daily_feedback_summary',
  $$values (tests.tenant_id('acme'), (now() at time zone 'utc')::date, 1::bigint, 1::bigint, 1::bigint, 1::bigint, 0.5)$$,
  'A3 per tenant and day, with the share of ups'
);
select is((select sum(tokens) from public.monthly_usage_summary), 116::numeric, 'A4 per month: all tokens');
select is(
  (select sum(tokens) from public.monthly_usage_summary), (select sum(tokens) from public.usage_metrics),
    'A4 as many as the rows behind it have'
);
select tests.sign_in('acme_member');
select lives_ok($$select public.rate_message(tests.tenant_id('acme'), tests.message_id('acme_other'), 'up')$$,
  'A3 one more rating');
select is((select sum(rated_messages) from public.daily_feedback_summary), 1::numeric,
  'A3 which the next refresh will show');

select * from finish();
rollback;
