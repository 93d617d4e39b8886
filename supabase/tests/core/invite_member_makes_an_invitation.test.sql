-- The token is shown once and kept as a hash only, where no role of the API reads.
begin;
\ir ../helpers/cast.psql
select plan(13);

select tests.sign_in('acme_admin');
create temp table sent as
  select * from public.invite_member(tests.tenant_id('acme'), '  Stranger@Tests.Example ', 'member',
    array[tests.branch_id('acme_north')], '2 days');
select tests.as_operator();
select results_eq(
  $$select i.email, i.role, i.branch_ids, i.expires_at = now() + interval '2 days', i.created_by, i.accepted_at, i.revoked_at
    from public.invitations as i join sent on sent.invitation_id = i.id$$,
  $$select 'stranger@tests.example', 'member', array[tests.branch_id('acme_north')], true, tests.user_id('acme_admin'), null::timestamptz, null::timestamptz$$,
  'C5 an admin invites an address, in lower case, with a role and branches for some days'
);
select matches((select token from sent), '^[0-9a-f]{64}$', 'C5 the token is long');
select is((select k.token_hash from private.invitation_tokens as k join sent on sent.invitation_id = k.invitation_id),
  (select sha256(convert_to(token, 'utf8')) from sent), 'C5 only its hash is kept');
select is(
  (select count(*) from public.audit_log, sent where audit_log::text like '%' || token || '%'), 0::bigint,
    'C5 it is not in the audit log'
);
select isnt((select token from public.invite_member(tests.tenant_id('acme'), 'x@tests.example', 'viewer')),
  (select token from sent),
  'C5 no two are the same') from tests.sign_in('acme_admin');
select tests.as_operator();
select throws_ok(
  format('select tests.rows_as(%L, ''select from private.invitation_tokens'')', who), '42501',
  'permission denied for table invitation_tokens', format('C5 %s reads no hash', who)
)
from (values ('acme_owner'), ('platform_admin'), ('service')) as v (who);
select is(tests.rows_as(who, 'select from public.invitations'), seen, format('C5 %s sees %s invitations', who, seen))
from (values ('acme_admin', 2), ('acme_manager', 0), ('acme_member', 0), ('globex_owner', 0)) as v (who, seen);
select is(tests.rows_as('stranger', 'select from public.invitations'), 0, 'C5 nor does who is invited');

select * from finish();
rollback;
