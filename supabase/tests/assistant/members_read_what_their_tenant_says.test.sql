-- Who reads how many conversations, messages and feedback.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/chat.psql
select plan(38);

select is(tests.rows_as('operator',
  format('select from public.%I where tenant_id in (tests.tenant_id(''acme''), tests.tenant_id(''globex''))',
  relation)), there,
  format('A1 there are %s %s', there, relation))
from (values ('conversations', 3), ('messages', 4), ('feedback', 3)) as t (relation, there);
select is(tests.rows_as(who, format('select from public.%I', relation)), seen,
  format('A6 %s reads %s %s', who, seen, relation))
from (values
  ('acme_owner', 2, 3, 2), ('acme_manager', 2, 3, 2), ('acme_member', 2, 3, 2), ('acme_viewer', 2, 3, 2),
    ('acme_customer', 0, 0, 0),
  ('acme_suspended', 0, 0, 0), ('acme_inactive', 0, 0, 0), ('globex_member', 1, 1, 1), ('both_member', 3, 4, 3),
    ('stranger', 0, 0, 0)
) as w (who, conversations, messages, feedback)
cross join lateral (values ('conversations', conversations), ('messages', messages),
('feedback', feedback)) as t (relation, seen);
select tests.throws_as('visitor', format('select from public.%I', relation), '42501',
  format('permission denied for table %s', relation),
  format('S2 a visitor may not ask for %s', relation))
from (values ('conversations'), ('messages'), ('feedback'), ('usage_metrics'), ('current_day_usage')) as t (relation)
where relation <> 'current_day_usage';
select tests.throws_as('visitor', 'select from public.current_day_usage', '42501',
  'permission denied for view current_day_usage',
  'S2 nor for today''s usage');

select * from finish();
rollback;
