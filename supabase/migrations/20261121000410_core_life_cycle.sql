-- State machines: which status may follow which, and the one refusal of what may not. A table declares
-- its own with the arguments of its trigger, so that the rule stands beside the column it is for.

create function private.statuses_after(steps text[], status text)
  returns text[]
  language plpgsql
  immutable
  security invoker
  set search_path = ''
as $$
declare
  v_step text;
begin
  foreach v_step in array statuses_after.steps loop
    if split_part(v_step, ': ', 1) = statuses_after.status then
      return string_to_array(split_part(v_step, ': ', 2), ', ');
    end if;
  end loop;
  return array[]::text[];
end
$$;
comment on function private.statuses_after(text[], text) is
  'What may follow this status, in the order of the steps, each of which is a status and what may follow '
  'it: ''queued: running, failed''. Empty when nothing may.';
revoke all on function private.statuses_after(text[], text) from public, anon, authenticated, service_role;


create function private.tg__follow_life_cycle()
  returns trigger
  language plpgsql
  volatile
  security definer -- calls a helper that nobody may execute
  set search_path = ''
as $$
declare
  v_next constant text[] := private.statuses_after(tg_argv[1:], old.status);
begin
  if not new.status = any (v_next) then
    raise exception using
      errcode = 'PT409',
      message = format('%s that is %s cannot become %s.', tg_argv[0], old.status, new.status),
      detail = format('%I.%I, id %s', tg_table_schema, tg_table_name, old.id),
      hint = case
        when v_next = '{}' then format('From %s it does not change any more.', old.status)
        else format('From %s it can become %s.', old.status, array_to_string(v_next, ', '))
      end;
  end if;
  return new;
end
$$;
comment on function private.tg__follow_life_cycle() is
  'Before an update that changes column status: raises PT409 when the status before does not lead to the '
  'new one, and says which it leads to. Arguments: what a row is called, with its article, and then the '
  'steps as private.statuses_after takes them.';
revoke all on function private.tg__follow_life_cycle() from public, anon, authenticated, service_role;


create function private.next_statuses(relation regclass, status text)
  returns text[]
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
declare
  v_arguments text[];
begin
  -- The arguments of a trigger end in a zero byte each, as bytes that text cannot hold.
  select string_to_array(rtrim(encode(t.tgargs, 'escape'), '\000'), '\000') into v_arguments
  from pg_catalog.pg_trigger as t
  where t.tgrelid = next_statuses.relation
    and t.tgfoid = 'private.tg__follow_life_cycle()'::regprocedure;
  return private.statuses_after(v_arguments[2:], next_statuses.status);
end
$$;
comment on function private.next_statuses(regclass, text) is
  'What may follow this status of a row of this table, as its trigger declares it; empty when nothing may. '
  'For programs that lead a row to a status in several steps.';
revoke all on function private.next_statuses(regclass, text) from public, anon, authenticated, service_role;
