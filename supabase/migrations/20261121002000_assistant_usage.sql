-- Usage: tokens, messages and cost per tenant, user and day. (A4)
-- Counted up by a function only: whoever could write the rows could also count themself down. The
-- limits are far above real use and far below what a sum over a month could not hold: one tenant's
-- figures must not stop the summary of all.

create table public.usage_metrics (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  user_id uuid,
  day date not null default (now() at time zone 'utc')::date,
  tokens bigint not null default 0
    constraint tokens_is_between_0_and_a_million_million check (tokens between 0 and 1000000000000),
  messages bigint not null default 0
    constraint messages_is_between_0_and_a_thousand_million check (messages between 0 and 1000000000),
  cost numeric(18, 6) not null default 0
    constraint cost_is_between_0_and_a_thousand_million check (cost between 0 and 1000000000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint usage_metrics_tenant_id_day_user_id_key unique (tenant_id, day, user_id),
  constraint usage_metrics_tenant_id_fkey foreign key (tenant_id) references public.tenants (id) on delete cascade,
  constraint usage_metrics_user_id_fkey foreign key (user_id) references public.users (id) on delete set null
);
comment on table public.usage_metrics is
  'What each user of a tenant used on each day. Written by increment_usage.';
comment on column public.usage_metrics.user_id is
  'Null once the account is gone: the tenant''s totals stay.';
comment on column public.usage_metrics.day is 'The day in UTC.';
comment on column public.usage_metrics.cost is 'In the currency of the tenant''s contract.';

create index usage_metrics_page_idx on public.usage_metrics (tenant_id, created_at desc, id desc);
create index usage_metrics_user_id_idx on public.usage_metrics (user_id);
alter table public.usage_metrics add constraint usage_metrics_pkey primary key (tenant_id, id);

-- No insert, update or delete through the API. A customer sees what is counted on themself.
call private.enroll('public.usage_metrics', read => 'viewer', customer => 'user_id');


create function public.increment_usage(
  tenant_id uuid,
  tokens bigint default 0,
  messages bigint default 1,
  cost numeric default 0,
  user_id uuid default null
)
  returns table (day date, total_tokens bigint, total_messages bigint, total_cost numeric)
  language plpgsql
  volatile
  security definer -- the table is written by this function only
  set search_path = ''
as $$
declare
  v_user uuid := auth.uid();
begin
  if private.is_trusted_session() then
    v_user := increment_usage.user_id;
    if not exists (
      select from public.memberships as m
      where m.tenant_id = increment_usage.tenant_id and m.user_id = v_user
    ) then
      raise exception using
        errcode = 'PT404',
        message = 'There is no such member.',
        hint = 'The service role names the tenant and one of its members in user_id.';
    end if;
  else
    perform private.require_role(increment_usage.tenant_id, 'member');
    if increment_usage.user_id <> v_user then
      raise exception using
        errcode = 'insufficient_privilege',
        message = 'Usage is counted on the caller only.',
        hint = 'Leave user_id out.';
    end if;
  end if;
  if increment_usage.tokens is null
    or increment_usage.tokens < 0
    or increment_usage.messages is null
    or increment_usage.messages < 0
    or increment_usage.cost is null
    or increment_usage.cost < 0
    or increment_usage.cost = 'NaN'
  then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'tokens, messages and cost must be numbers from 0 up.',
      detail = format(
        'tokens %s, messages %s, cost %s', increment_usage.tokens, increment_usage.messages, increment_usage.cost
      );
  end if;
  -- One statement: concurrent calls queue on the row and none is lost.
  return query
  insert into public.usage_metrics as u (tenant_id, user_id, tokens, messages, cost)
  values (increment_usage.tenant_id, v_user, increment_usage.tokens, increment_usage.messages, increment_usage.cost)
  on conflict on constraint usage_metrics_tenant_id_day_user_id_key
  do update set
    tokens = u.tokens + excluded.tokens,
    messages = u.messages + excluded.messages,
    cost = u.cost + excluded.cost
  returning u.day, u.tokens, u.messages, u.cost;
end
$$;
comment on function public.increment_usage(uuid, bigint, bigint, numeric, uuid) is
  'Adds to today''s usage (UTC) of the caller, or of user_id for the service role, and returns the '
  'totals of the day. '
  'Raises PT404 (tenant or member), 42501 below role member or for another user, 22023 for '
  'negative numbers, 23514 and 22003 beyond the limits of a day.';
revoke all on function public.increment_usage(uuid, bigint, bigint, numeric, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.increment_usage(uuid, bigint, bigint, numeric, uuid)
  to authenticated, service_role;


create view public.current_day_usage
  with (security_invoker = true)
as
select
  u.tenant_id,
  u.day,
  count(*) as users,
  sum(u.tokens)::bigint as tokens,
  sum(u.messages)::bigint as messages,
  sum(u.cost) as cost
from public.usage_metrics as u
where u.day = (now() at time zone 'utc')::date
group by u.tenant_id, u.day;
comment on view public.current_day_usage is
  'Today''s usage (UTC) of each of the caller''s tenants, live. A customer sees their own share.';
revoke all on public.current_day_usage from public, anon, authenticated, service_role;
grant select on public.current_day_usage to authenticated, service_role;
