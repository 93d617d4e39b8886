-- An invitation goes a year after it expired, with its token; the deletion is in the audit log.
begin;
\ir ../helpers/cast.psql
select plan(4);

create function tests.invite(name text, expired_days_ago integer) returns void language sql
  begin atomic;
    insert into public.invitations (tenant_id, id, email, role, created_at, expires_at)
    values (tests.tenant_id('acme'), tests.id('invitation', name), tests.email(name), 'member',
      now() - make_interval(days => expired_days_ago + 7), now() - make_interval(days => expired_days_ago));
    insert into private.invitation_tokens (tenant_id, invitation_id, token_hash)
    values (tests.tenant_id('acme'), tests.id('invitation', name), sha256(name::bytea));
  end;
do $$
begin
  perform tests.invite('old', 367), tests.invite('recent', 360), tests.invite('open', -3);
end
$$;
select results_eq('select * from ops.clean_up(''public.invitations'')', $$values (1::bigint, false)$$, 'P2 one goes');
select set_eq('select email from public.invitations where tenant_id = tests.tenant_id(''acme'')',
  array[tests.email('recent'), tests.email('open')], 'P2 the others stay');
select is((select count(*) from private.invitation_tokens where invitation_id = tests.id('invitation', 'old')), 0::bigint,
  'P2 its token goes with it');
select is((select count(*) from public.audit_log where table_name = 'public.invitations' and verb = 'delete'
  and row_key ->> 'id' = tests.id('invitation', 'old')::text), 1::bigint, 'C8 the log keeps what it was');

select * from finish();
rollback;
