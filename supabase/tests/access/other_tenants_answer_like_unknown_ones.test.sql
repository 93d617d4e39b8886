-- An answer that differs between another tenant's id and one that does not exist tells which ids exist.
begin;
\ir ../helpers/cast.psql
select plan(15);

create function tests.answer(statement text) returns text language plpgsql as $$
declare
  v_detail text;
begin
  execute statement;
  return 'done';
exception
  -- Every way of refusing is an answer here; the point is that the two are the same.
  when others then
    get stacked diagnostics v_detail = pg_exception_detail;
    return concat_ws(' | ', sqlstate, sqlerrm, regexp_replace(v_detail, '[0-9a-f]{8}-[0-9a-f-]{27}', 'id', 'g'));
end
$$;
grant execute on function tests.answer(text) to authenticated;
insert into public.invitations (tenant_id, id, email, role, expires_at)
values (tests.tenant_id('globex'), tests.id('invitation', 'globex'), 'new@tests.example', 'member',
  now() + interval '1 day');

select tests.sign_in('acme_owner');
select is(tests.answer(replace(call, '?', 'globex')), tests.answer(replace(call, '?', 'nowhere')),
  format('S4 %s', left(call, 70)))
from (values
  ($$select public.change_member_role(tests.tenant_id('?'), tests.user_id('globex_member'), 'viewer')$$),
  ($$select public.set_member_status(tests.tenant_id('?'), tests.user_id('globex_member'), 'suspended')$$),
  ($$select public.set_member_branches(tests.tenant_id('?'), tests.user_id('globex_member'), null)$$),
  ($$select public.set_member_branches(tests.tenant_id('acme'), tests.user_id('acme_member'), array[tests.branch_id('?_main')])$$),
  ($$select public.remove_member(tests.tenant_id('?'), tests.user_id('globex_member'))$$),
  ($$select public.remove_member(tests.tenant_id('acme'), tests.user_id('?_member'))$$),
  ($$select public.leave_tenant(tests.tenant_id('?'))$$),
  ($$select public.transfer_ownership(tests.tenant_id('?'), tests.user_id('globex_member'))$$),
  ($$select public.set_tenant_status(tests.tenant_id('?'), 'closed')$$),
  ($$select public.invite_member(tests.tenant_id('?'), 'new@tests.example', 'viewer')$$),
  ($$select public.revoke_invitation(tests.tenant_id('?'), tests.id('invitation', 'globex'))$$),
  ($$select public.revoke_invitation(tests.tenant_id('acme'), tests.id('invitation', '?'))$$),
  ($$select * from public.increment_usage(tests.tenant_id('?'))$$),
  ($$select public.rate_message(tests.tenant_id('?'), gen_random_uuid(), 'up')$$)
) as v (call);
select is(
  tests.answer($$select public.remove_member(tests.tenant_id('acme'), tests.user_id('acme_member'))$$), 'done',
  'S4 the own tenant''s answers'
);

select * from finish();
rollback;
