-- Search by words and by what jsonb or an array holds, through an index although the tables have policies. (T9)
-- Under row level security an index serves only conditions that are leakproof, and neither @@ nor @>
-- is: as a filter on the table each would be asked of every row of the tenant. So the rows are found
-- in two steps: a definer function asks who calls and finds the ids of one page in one tenant, through
-- the index; the function of the API then reads those rows under the policies. A mistake in the first
-- step could show ids, never rows.

create function private.check_search(
  query text,
  filter jsonb,
  page_size integer,
  before timestamptz,
  before_id uuid
)
  returns tsquery
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
declare
  v_query tsquery;
begin
  if check_search.query is null and check_search.filter is null then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'There is nothing to search for.',
      hint = 'Send query, filter or both.';
  end if;
  if char_length(check_search.query) > 500 then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'query must have at most 500 characters.',
      detail = format('%s characters', char_length(check_search.query));
  end if;
  v_query := websearch_to_tsquery('english', check_search.query);
  -- Without one, an index has nowhere to begin: every row of the tenant would be looked at.
  if querytree(v_query) in ('', 'T') then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'query must hold a word that has to occur.',
      detail = format('query %s', quote_literal(check_search.query)),
      hint = 'Words as common as "the" do not count; beside an excluded word, name one to look for.';
  end if;
  if jsonb_typeof(check_search.filter) <> 'object'
    or not jsonb_path_exists(check_search.filter, '$.** ? (@.type() != "object" && @.type() != "array")')
    or octet_length(check_search.filter::text) > 8192
  then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'filter must be an object of at most 8 KB with at least one value.',
      hint = 'It names what has to be there, such as {"kind": "video"}.';
  end if;
  if check_search.page_size is null or check_search.page_size not between 1 and 200 then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'page_size must be between 1 and 200.',
      detail = format('page_size %s', coalesce(check_search.page_size::text, 'null'));
  end if;
  if (check_search.before is null) <> (check_search.before_id is null) then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'before and before_id go together.',
      hint = 'Send created_at and id of the last row of the page before.';
  end if;
  return v_query;
end
$$;
comment on function private.check_search(text, jsonb, integer, timestamptz, uuid) is
  'What a search looks for, parsed. Raises 22023 for arguments that do not fit, and for those that '
  'no index could serve.';
revoke all on function private.check_search(text, jsonb, integer, timestamptz, uuid)
  from public, anon, authenticated, service_role;


create function private.search_ids(
  relation regclass,
  filtered_column name,
  filtered_type regtype,
  tenant_id uuid,
  query tsquery,
  filter text,
  page_size integer,
  before timestamptz,
  before_id uuid
)
  returns uuid[]
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
declare
  v_ids uuid[];
begin
  -- Assembled, so that each call is planned for its own arguments: those that are null vanish from
  -- the conditions. The plan that PL/pgSQL keeps for all calls could not use the index, because any
  -- of them might be null. "offset 0" keeps the order out of the inner query: the planner, believing
  -- a word common, would else walk all rows from the newest on, for a tenant that never wrote it.
  execute format(
    'select array('
    '  select f.id from ('
    '    select t.id, t.created_at from %1$s as t'
    '    where t.tenant_id = $1'
    '      and ($2 is null or t.tsv @@ $2)'
    '      and ($3 is null or t.%2$I @> $3::%3$s)'
    '      and ($4 is null or (t.created_at, t.id) < ($4, $5))'
    '    offset 0'
    '  ) as f'
    '  order by f.created_at desc, f.id desc'
    '  limit $6'
    ')',
    search_ids.relation, search_ids.filtered_column, search_ids.filtered_type
  )
  into v_ids
  using search_ids.tenant_id, search_ids.query, search_ids.filter, search_ids.before, search_ids.before_id,
    search_ids.page_size;
  return v_ids;
end
$$;
comment on function private.search_ids(regclass, name, regtype, uuid, tsquery, text, integer, timestamptz, uuid) is
  'The ids of one page of what is found in one tenant, newest first, through the index over the '
  'tenant, tsv and the column that the filter is of. Asks no policy: its callers ask who calls.';
revoke all on function private.search_ids(regclass, name, regtype, uuid, tsquery, text, integer, timestamptz, uuid)
  from public, anon, authenticated, service_role;


create function private.find_ai_generations(
  tenant_id uuid,
  query text,
  filter jsonb,
  page_size integer,
  before timestamptz,
  before_id uuid
)
  returns uuid[]
  language plpgsql
  stable
  security definer -- under the policies the index could not be used
  set search_path = ''
as $$
begin
  if not private.is_trusted_session() then
    -- Whoever the policies let read.
    perform private.require_role(find_ai_generations.tenant_id, 'viewer');
  end if;
  return private.search_ids(
    'public.ai_generations', 'result', 'jsonb', find_ai_generations.tenant_id,
    private.check_search(
      find_ai_generations.query, find_ai_generations.filter, find_ai_generations.page_size,
      find_ai_generations.before, find_ai_generations.before_id
    ),
    find_ai_generations.filter::text, find_ai_generations.page_size, find_ai_generations.before,
    find_ai_generations.before_id
  );
end
$$;
comment on function private.find_ai_generations(uuid, text, jsonb, integer, timestamptz, uuid) is
  'The first step of search_ai_generations(): ids of one page.';
revoke all on function private.find_ai_generations(uuid, text, jsonb, integer, timestamptz, uuid)
  from public, anon, authenticated, service_role;
grant execute on function private.find_ai_generations(uuid, text, jsonb, integer, timestamptz, uuid)
  to authenticated, service_role;


create function public.search_ai_generations(
  tenant_id uuid,
  query text default null,
  filter jsonb default null,
  page_size integer default 50,
  before timestamptz default null,
  before_id uuid default null
)
  returns table (
    id uuid,
    created_at timestamptz,
    created_by uuid,
    project_id uuid,
    kind text,
    model text,
    status text,
    prompt_start text,
    error text,
    rank real
  )
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
declare
  v_ids constant uuid[] := private.find_ai_generations(
    search_ai_generations.tenant_id, search_ai_generations.query, search_ai_generations.filter,
    search_ai_generations.page_size, search_ai_generations.before, search_ai_generations.before_id
  );
begin
  return query
  select
    g.id,
    g.created_at,
    g.created_by,
    g.project_id,
    g.kind,
    g.model,
    g.status,
    left(g.prompt, 300),
    g.error,
    ts_rank(g.tsv, websearch_to_tsquery('english', search_ai_generations.query))
  from public.ai_generations as g
  where g.tenant_id = search_ai_generations.tenant_id and g.id = any (v_ids)
  order by g.created_at desc, g.id desc;
end
$$;
comment on function public.search_ai_generations(uuid, text, jsonb, integer, timestamptz, uuid) is
  'A tenant''s generations whose prompt, error or result holds the words of query ("exact phrase", '
  'or, -not) and whose result contains filter, newest first. rank says how well the words fit; the '
  'rest of a row is read by its id. '
  'The next page: before and before_id are created_at and id of the last row. '
  'Raises PT404 for a tenant out of reach, 42501 below viewer, 22023 for arguments that say '
  'nothing to look for.';
revoke all on function public.search_ai_generations(uuid, text, jsonb, integer, timestamptz, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.search_ai_generations(uuid, text, jsonb, integer, timestamptz, uuid)
  to authenticated, service_role;


create function private.find_browser_sessions(
  tenant_id uuid,
  query text,
  filter jsonb,
  page_size integer,
  before timestamptz,
  before_id uuid
)
  returns uuid[]
  language plpgsql
  stable
  security definer -- under the policies the index could not be used
  set search_path = ''
as $$
begin
  if not private.is_trusted_session() then
    -- Whoever the policies let read.
    perform private.require_role(find_browser_sessions.tenant_id, 'viewer');
  end if;
  return private.search_ids(
    'public.browser_sessions', 'artefacts', 'jsonb', find_browser_sessions.tenant_id,
    private.check_search(
      find_browser_sessions.query, find_browser_sessions.filter, find_browser_sessions.page_size,
      find_browser_sessions.before, find_browser_sessions.before_id
    ),
    -- One artefact has to be like this.
    case when find_browser_sessions.filter is not null then jsonb_build_array(find_browser_sessions.filter)::text end,
    find_browser_sessions.page_size, find_browser_sessions.before, find_browser_sessions.before_id
  );
end
$$;
comment on function private.find_browser_sessions(uuid, text, jsonb, integer, timestamptz, uuid) is
  'The first step of search_browser_sessions(): ids of one page.';
revoke all on function private.find_browser_sessions(uuid, text, jsonb, integer, timestamptz, uuid)
  from public, anon, authenticated, service_role;
grant execute on function private.find_browser_sessions(uuid, text, jsonb, integer, timestamptz, uuid)
  to authenticated, service_role;


create function public.search_browser_sessions(
  tenant_id uuid,
  query text default null,
  filter jsonb default null,
  page_size integer default 50,
  before timestamptz default null,
  before_id uuid default null
)
  returns table (
    id uuid,
    created_at timestamptz,
    created_by uuid,
    project_id uuid,
    name text,
    browser text,
    browser_version text,
    status text,
    artefact_count integer,
    error text,
    rank real
  )
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
declare
  v_ids constant uuid[] := private.find_browser_sessions(
    search_browser_sessions.tenant_id, search_browser_sessions.query, search_browser_sessions.filter,
    search_browser_sessions.page_size, search_browser_sessions.before, search_browser_sessions.before_id
  );
begin
  return query
  select
    s.id,
    s.created_at,
    s.created_by,
    s.project_id,
    s.name,
    s.browser,
    s.browser_version,
    s.status,
    s.artefact_count,
    s.error,
    ts_rank(s.tsv, websearch_to_tsquery('english', search_browser_sessions.query))
  from public.browser_sessions as s
  where s.tenant_id = search_browser_sessions.tenant_id and s.id = any (v_ids)
  order by s.created_at desc, s.id desc;
end
$$;
comment on function public.search_browser_sessions(uuid, text, jsonb, integer, timestamptz, uuid) is
  'A tenant''s browser sessions whose name, error or artefacts hold the words of query ("exact '
  'phrase", or, -not) and one of whose artefacts contains filter, such as {"kind": "video"}, '
  'newest first. rank says how well the words fit; the rest of a row is read by its id. '
  'The next page: before and before_id are created_at and id of the last row. '
  'Raises PT404 for a tenant out of reach, 42501 below viewer, 22023 for arguments that say '
  'nothing to look for.';
revoke all on function public.search_browser_sessions(uuid, text, jsonb, integer, timestamptz, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.search_browser_sessions(uuid, text, jsonb, integer, timestamptz, uuid)
  to authenticated, service_role;


create function private.find_visual_test_flows(
  tenant_id uuid,
  query text,
  tagged text[],
  page_size integer,
  before timestamptz,
  before_id uuid
)
  returns uuid[]
  language plpgsql
  stable
  security definer -- under the policies the index could not be used
  set search_path = ''
as $$
begin
  if not private.is_trusted_session() then
    -- Whoever the policies let read.
    perform private.require_role(find_visual_test_flows.tenant_id, 'viewer');
  end if;
  if find_visual_test_flows.tagged = '{}' then
    raise exception using errcode = 'invalid_parameter_value', message = 'tagged must name at least one tag.';
  end if;
  return private.search_ids(
    'public.visual_test_flows', 'tags', 'text[]', find_visual_test_flows.tenant_id,
    private.check_search(
      find_visual_test_flows.query,
      case when find_visual_test_flows.tagged is not null
        then jsonb_build_object('tagged', find_visual_test_flows.tagged) end,
      find_visual_test_flows.page_size,
      find_visual_test_flows.before,
      find_visual_test_flows.before_id
    ),
    find_visual_test_flows.tagged::text, find_visual_test_flows.page_size, find_visual_test_flows.before,
    find_visual_test_flows.before_id
  );
end
$$;
comment on function private.find_visual_test_flows(uuid, text, text[], integer, timestamptz, uuid) is
  'The first step of search_visual_test_flows(): ids of one page.';
revoke all on function private.find_visual_test_flows(uuid, text, text[], integer, timestamptz, uuid)
  from public, anon, authenticated, service_role;
grant execute on function private.find_visual_test_flows(uuid, text, text[], integer, timestamptz, uuid)
  to authenticated, service_role;


create function public.search_visual_test_flows(
  tenant_id uuid,
  query text default null,
  tagged text[] default null,
  page_size integer default 50,
  before timestamptz default null,
  before_id uuid default null
)
  returns table (
    id uuid,
    created_at timestamptz,
    created_by uuid,
    project_id uuid,
    name text,
    description text,
    tags text[],
    is_archived boolean,
    rank real
  )
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
declare
  v_ids constant uuid[] := private.find_visual_test_flows(
    search_visual_test_flows.tenant_id, search_visual_test_flows.query, search_visual_test_flows.tagged,
    search_visual_test_flows.page_size, search_visual_test_flows.before, search_visual_test_flows.before_id
  );
begin
  return query
  select
    f.id,
    f.created_at,
    f.created_by,
    f.project_id,
    f.name,
    f.description,
    f.tags,
    f.is_archived,
    ts_rank(f.tsv, websearch_to_tsquery('english', search_visual_test_flows.query))
  from public.visual_test_flows as f
  where f.tenant_id = search_visual_test_flows.tenant_id and f.id = any (v_ids)
  order by f.created_at desc, f.id desc;
end
$$;
comment on function public.search_visual_test_flows(uuid, text, text[], integer, timestamptz, uuid) is
  'A tenant''s flows whose name or description holds the words of query ("exact phrase", or, '
  '-not) and which carry all tags of tagged, newest first. rank says how well the words fit. '
  'The next page: before and before_id are created_at and id of the last row. '
  'Raises PT404 for a tenant out of reach, 42501 below viewer, 22023 for arguments that say '
  'nothing to look for.';
revoke all on function public.search_visual_test_flows(uuid, text, text[], integer, timestamptz, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.search_visual_test_flows(uuid, text, text[], integer, timestamptz, uuid)
  to authenticated, service_role;


create function private.find_visual_test_steps(
  tenant_id uuid,
  query text,
  filter jsonb,
  page_size integer,
  before timestamptz,
  before_id uuid
)
  returns uuid[]
  language plpgsql
  stable
  security definer -- under the policies the index could not be used
  set search_path = ''
as $$
begin
  if not private.is_trusted_session() then
    -- Whoever the policies let read.
    perform private.require_role(find_visual_test_steps.tenant_id, 'viewer');
  end if;
  return private.search_ids(
    'public.visual_test_steps', 'expectation', 'jsonb', find_visual_test_steps.tenant_id,
    private.check_search(
      find_visual_test_steps.query,
      find_visual_test_steps.filter,
      find_visual_test_steps.page_size,
      find_visual_test_steps.before,
      find_visual_test_steps.before_id
    ),
    find_visual_test_steps.filter::text, find_visual_test_steps.page_size, find_visual_test_steps.before,
    find_visual_test_steps.before_id
  );
end
$$;
comment on function private.find_visual_test_steps(uuid, text, jsonb, integer, timestamptz, uuid) is
  'The first step of search_visual_test_steps(): ids of one page.';
revoke all on function private.find_visual_test_steps(uuid, text, jsonb, integer, timestamptz, uuid)
  from public, anon, authenticated, service_role;
grant execute on function private.find_visual_test_steps(uuid, text, jsonb, integer, timestamptz, uuid)
  to authenticated, service_role;


create function public.search_visual_test_steps(
  tenant_id uuid,
  query text default null,
  filter jsonb default null,
  page_size integer default 50,
  before timestamptz default null,
  before_id uuid default null
)
  returns table (
    id uuid,
    created_at timestamptz,
    flow_id uuid,
    "position" integer,
    action text,
    target text,
    value text,
    description text,
    rank real
  )
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
declare
  v_ids constant uuid[] := private.find_visual_test_steps(
    search_visual_test_steps.tenant_id, search_visual_test_steps.query, search_visual_test_steps.filter,
    search_visual_test_steps.page_size, search_visual_test_steps.before, search_visual_test_steps.before_id
  );
begin
  return query
  select
    s.id,
    s.created_at,
    s.flow_id,
    s.position,
    s.action,
    s.target,
    s.value,
    s.description,
    ts_rank(s.tsv, websearch_to_tsquery('english', search_visual_test_steps.query))
  from public.visual_test_steps as s
  where s.tenant_id = search_visual_test_steps.tenant_id and s.id = any (v_ids)
  order by s.created_at desc, s.id desc;
end
$$;
comment on function public.search_visual_test_steps(uuid, text, jsonb, integer, timestamptz, uuid) is
  'A tenant''s steps whose description, value or target holds the words of query ("exact phrase", '
  'or, -not) and whose expectation contains filter, newest first. rank says how well the words '
  'fit. '
  'The next page: before and before_id are created_at and id of the last row. '
  'Raises PT404 for a tenant out of reach, 42501 below viewer, 22023 for arguments that say '
  'nothing to look for.';
revoke all on function public.search_visual_test_steps(uuid, text, jsonb, integer, timestamptz, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.search_visual_test_steps(uuid, text, jsonb, integer, timestamptz, uuid)
  to authenticated, service_role;
