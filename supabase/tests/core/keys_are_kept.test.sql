-- What may be there once is there once: in one tenant, and only there.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/chat.psql
select plan(8);

insert into public.branches (tenant_id, name, code) values (tests.tenant_id('acme'), 'West', 'W');
select throws_ok($$insert into public.branches (tenant_id, name, code) values (tests.tenant_id('acme'), 'Wild West', 'W')$$,
  '23505', 'duplicate key value violates unique constraint "branches_tenant_id_code_key"', 'C9 no code twice in a tenant');
select lives_ok($$insert into public.branches (tenant_id, name, code) values (tests.tenant_id('globex'), 'West', 'W')$$,
  'C9 the same one in another');

create function tests.invite_by_hand(tenant text) returns void language sql as $$
  insert into public.invitations (tenant_id, email, role, expires_at)
  values (tests.tenant_id(tenant), 'once@tests.example', 'viewer', now() + interval '1 day') $$;
select tests.invite_by_hand('acme');
select throws_ok($$select tests.invite_by_hand('acme')$$, '23505',
  'duplicate key value violates unique constraint "invitations_tenant_id_email_open_key"', 'C5 no two open invitations for an address');
select lives_ok($$select tests.invite_by_hand('globex')$$, 'C5 one in each tenant');

create function tests.find(key text, at_state text) returns void language sql as $$
  insert into ops.alerts (check_name, key, severity, message, state, resolved_at, first_seen_at, last_seen_at)
  values ('tests', key, 'warn', 'x', at_state, case when at_state = 'resolved' then now() end, now(), now()) $$;
select tests.find('a', 'open');
select throws_ok($$select tests.find('a', 'pending')$$, '23505',
  'duplicate key value violates unique constraint "alerts_unresolved_key"', 'P4 no finding has two alerts');
select lives_ok($$select tests.find('a', 'resolved')$$, 'P4 but those that are over');

insert into public.conversations (tenant_id, id, user_id)
select tests.tenant_id(t), tests.id('conversation', 'twin'), null from unnest(array['acme', 'globex']) as t;
insert into public.messages (tenant_id, id, conversation_id, role, content)
select tests.tenant_id(t), tests.id('message', 'twin'), tests.id('conversation', 'twin'), 'assistant', 'x'
from unnest(array['acme', 'globex']) as t;
insert into public.feedback (tenant_id, message_id, user_id, rating)
select tests.tenant_id(t), tests.id('message', 'twin'), tests.user_id(t || '_owner'), 'up' from unnest(array['acme', 'globex']) as t;
select lives_ok('refresh materialized view private.message_feedback_summary', 'S3 an id that two tenants have is two rows');
select is((select count(*) from private.message_feedback_summary where message_id = tests.id('message', 'twin')), 2::bigint,
  'S3 in the summary, too');

select * from finish();
rollback;
