-- Trigger functions that any tenant table shares. private.enroll attaches them.

create function private.tg__touch()
  returns trigger
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
begin
  new.updated_at := now();
  return new;
end
$$;
comment on function private.tg__touch() is
  'Before update: stamps updated_at with the time of the transaction.';
revoke all on function private.tg__touch() from public, anon, authenticated, service_role;


create function private.tg__refuse_move()
  returns trigger
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
begin
  raise exception using
    errcode = 'check_violation',
    message = format('A row of %I.%I never changes its tenant.', tg_table_schema, tg_table_name),
    hint = 'Insert the row in the other tenant and delete this one.';
end
$$;
comment on function private.tg__refuse_move() is
  'Before update, when the tenant differs: raises 23514. The second lock behind the column grants, '
  'for roles that hold more than those. (S2)';
revoke all on function private.tg__refuse_move() from public, anon, authenticated, service_role;
