-- The knowledge base: articles in many languages, found by words, best match first. (O5)
-- Found in two steps, as every search here: a definer function asks who calls and finds the ids of one
-- page in one tenant through the index, which the policies would keep from being used; the function
-- of the API reads those rows under the policies. A mistake in the first step could show ids, never rows.

create function private.search_config(language text)
  returns regconfig
  language plpgsql
  immutable
  security invoker
  set search_path = ''
as $$
begin
  -- A cast of text to regconfig looks into a catalogue and is not immutable. Each of these is part of
  -- every PostgreSQL and has the same id in all of them.
  return case search_config.language
    when 'simple' then 'pg_catalog.simple'::regconfig
    when 'arabic' then 'pg_catalog.arabic'::regconfig
    when 'armenian' then 'pg_catalog.armenian'::regconfig
    when 'basque' then 'pg_catalog.basque'::regconfig
    when 'catalan' then 'pg_catalog.catalan'::regconfig
    when 'danish' then 'pg_catalog.danish'::regconfig
    when 'dutch' then 'pg_catalog.dutch'::regconfig
    when 'english' then 'pg_catalog.english'::regconfig
    when 'finnish' then 'pg_catalog.finnish'::regconfig
    when 'french' then 'pg_catalog.french'::regconfig
    when 'german' then 'pg_catalog.german'::regconfig
    when 'greek' then 'pg_catalog.greek'::regconfig
    when 'hindi' then 'pg_catalog.hindi'::regconfig
    when 'hungarian' then 'pg_catalog.hungarian'::regconfig
    when 'indonesian' then 'pg_catalog.indonesian'::regconfig
    when 'irish' then 'pg_catalog.irish'::regconfig
    when 'italian' then 'pg_catalog.italian'::regconfig
    when 'lithuanian' then 'pg_catalog.lithuanian'::regconfig
    when 'nepali' then 'pg_catalog.nepali'::regconfig
    when 'norwegian' then 'pg_catalog.norwegian'::regconfig
    when 'portuguese' then 'pg_catalog.portuguese'::regconfig
    when 'romanian' then 'pg_catalog.romanian'::regconfig
    when 'russian' then 'pg_catalog.russian'::regconfig
    when 'serbian' then 'pg_catalog.serbian'::regconfig
    when 'spanish' then 'pg_catalog.spanish'::regconfig
    when 'swedish' then 'pg_catalog.swedish'::regconfig
    when 'tamil' then 'pg_catalog.tamil'::regconfig
    when 'turkish' then 'pg_catalog.turkish'::regconfig
    when 'yiddish' then 'pg_catalog.yiddish'::regconfig
  end;
end
$$;
comment on function private.search_config(text) is
  'The rules by which words of a language are told from each other; simple: as they are written. Null '
  'for a language without.';
revoke all on function private.search_config(text) from public, anon, authenticated, service_role;
-- Whoever writes an article computes its words.
grant execute on function private.search_config(text) to authenticated, service_role;


create table public.knowledge_base (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  type text not null default 'article'
    constraint type_is_known
    check (type in ('article', 'howto', 'decision', 'reference', 'troubleshooting', 'other')),
  language text not null default 'english'
    constraint language_is_known check (private.search_config(language) is not null),
  title text not null constraint title_has_1_to_500_characters check (title ~ '\S' and char_length(title) <= 500),
  body text not null constraint body_has_1_to_100000_characters check (char_length(body) between 1 and 100000),
  tags text[] not null default '{}'
    constraint tags_are_at_most_20 check (cardinality(tags) <= 20)
    constraint tags_are_not_empty check (array_position(tags, '') is null and array_position(tags, null) is null)
    constraint tags_have_at_most_1000_characters check (char_length(array_to_string(tags, ' ')) <= 1000),
  source_url text
    constraint source_url_is_a_web_address check (source_url ~ '^https?://[^[:space:]]+$')
    constraint source_url_has_at_most_2000_characters check (char_length(source_url) <= 2000),
  access_count bigint not null default 0 constraint access_count_is_not_negative check (access_count >= 0),
  last_accessed_at timestamptz,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  tsv tsvector generated always as (
    setweight(to_tsvector(private.search_config(language), title), 'A')
    || setweight(to_tsvector(private.search_config(language), body), 'B')
  ) stored,
  constraint knowledge_base_tenant_id_fkey foreign key (tenant_id) references public.tenants (id) on delete cascade
)
-- Counting changes nothing that is indexed: room for the new versions.
with (fillfactor = 80);
comment on table public.knowledge_base is 'Articles that a tenant''s people and agents find by search_knowledge.';
comment on column public.knowledge_base.language is
  'By whose rules its words are found, such as english; simple: as they are written.';
comment on column public.knowledge_base.access_count is
  'How often it was read (record_knowledge_access), as of the last minute or so.';
comment on column public.knowledge_base.created_by is 'Who wrote it. It outlives the account.';
comment on column public.knowledge_base.tsv is 'Its words. Nothing to read.';

create index knowledge_base_page_idx on public.knowledge_base (tenant_id, created_at desc, id desc);
create index knowledge_base_language_idx on public.knowledge_base (tenant_id, language);
create index knowledge_base_type_idx on public.knowledge_base (tenant_id, type, created_at desc);
create index knowledge_base_search_idx on public.knowledge_base
  using gin (tenant_id extensions.uuid_ops, tsv, tags) with (fastupdate = off);
alter table public.knowledge_base add constraint knowledge_base_pkey primary key (tenant_id, id);

call private.enroll(
  'public.knowledge_base', read => 'viewer', write => 'member', remove => 'manager',
  insertable => '{tenant_id, type, language, title, body, tags, source_url}',
  changeable => '{type, language, title, body, tags, source_url}'
);

create trigger _210_keep_stamp
  before update on public.knowledge_base
  for each row
  when (old.access_count <> new.access_count)
  execute function private.tg__keep_stamp();


create function private.rank_articles(
  tenant_id uuid,
  query tsquery,
  language text,
  of_type text,
  tag text,
  at_most integer
)
  returns table (id uuid, rank real)
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  -- Assembled, so that each call is planned for its own arguments: a filter that is null vanishes.
  -- "offset 0" keeps the order out of the inner query, where it could lead to another index.
  return query execute format(
    'select f.id, f.rank from ('
    '  select k.id, ts_rank(k.tsv, $2, 1) as rank from public.knowledge_base as k'
    '  where k.tenant_id = $1 and k.tsv @@ $2 and k.language = $3'
    '    and ($4 is null or k.type = $4) and ($5 is null or k.tags @> array[$5])'
    '  offset 0'
    ') as f'
    ' order by f.rank desc, f.id desc'
    ' limit $6'
  )
  using rank_articles.tenant_id, rank_articles.query, rank_articles.language, rank_articles.of_type, rank_articles.tag,
    rank_articles.at_most;
end
$$;
comment on function private.rank_articles(uuid, tsquery, text, text, text, integer) is
  'The articles of one tenant and language that match, best match first, through the index over the '
  'tenant and the words. Asks no policy: its caller asks who calls.';
revoke all on function private.rank_articles(uuid, tsquery, text, text, text, integer)
  from public, anon, authenticated, service_role;


create function private.find_knowledge(
  tenant_id uuid,
  query text,
  of_type text,
  tag text,
  in_language text,
  page_size integer,
  skip integer
)
  returns table (id uuid, rank real)
  language plpgsql
  stable
  security definer -- under the policies the index could not be used
  set search_path = ''
as $$
declare
  v_language text := '';
  v_query tsquery;
  v_has_word boolean;
  v_ids uuid[] := array[]::uuid[];
  v_ranks real[] := array[]::real[];
  v_more_ids uuid[];
  v_more_ranks real[];
begin
  if not private.is_trusted_session() then
    -- Whoever the policies let read.
    perform private.require_role(find_knowledge.tenant_id, 'viewer');
  end if;
  if find_knowledge.query is null or char_length(find_knowledge.query) > 500 then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'query must have at most 500 characters.',
      detail = format('%s characters', coalesce(char_length(find_knowledge.query)::text, 'no'));
  end if;
  if find_knowledge.page_size is null or find_knowledge.page_size not between 1 and 100
    or find_knowledge.skip is null or find_knowledge.skip not between 0 and 1000
  then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'page_size must be between 1 and 100, and skip between 0 and 1000.',
      hint = 'Whoever looks for more than a thousand had better say what for.';
  end if;
  if find_knowledge.in_language is not null and private.search_config(find_knowledge.in_language) is null then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = format('There are no rules for the language %s.', quote_literal(find_knowledge.in_language)),
      hint = 'Send one that articles can have, or none to look in all.';
  end if;
  -- Words are other words in every language, so each is asked by its own rules, of its own articles.
  loop
    if find_knowledge.in_language is null then
      -- The next one of the tenant: a step in the index for each, and not a look at all articles.
      select k.language into v_language
      from public.knowledge_base as k
      where k.tenant_id = find_knowledge.tenant_id and k.language > v_language
      order by k.language
      limit 1;
      exit when v_language is null;
    else
      v_language := find_knowledge.in_language;
    end if;
    v_query := websearch_to_tsquery(private.search_config(v_language), find_knowledge.query);
    -- Without a word that has to occur, an index has nowhere to begin.
    if querytree(v_query) in ('', 'T') then
      v_has_word := coalesce(v_has_word, false);
    else
      v_has_word := true;
      select array_agg(f.id), array_agg(f.rank) into v_more_ids, v_more_ranks
      from private.rank_articles(
        find_knowledge.tenant_id, v_query, v_language, find_knowledge.of_type, find_knowledge.tag,
        find_knowledge.page_size + find_knowledge.skip
      ) as f;
      v_ids := v_ids || v_more_ids;
      v_ranks := v_ranks || v_more_ranks;
    end if;
    exit when find_knowledge.in_language is not null;
  end loop;
  if not v_has_word then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'query must hold a word that has to occur.',
      detail = format('query %s', quote_literal(find_knowledge.query)),
      hint = 'Words as common as "the" do not count; beside an excluded word, name one to look for.';
  end if;
  return query
  select f.id, f.rank
  from unnest(v_ids, v_ranks) as f (id, rank)
  order by f.rank desc, f.id desc
  limit find_knowledge.page_size
  offset find_knowledge.skip;
end
$$;
comment on function private.find_knowledge(uuid, text, text, text, text, integer, integer) is
  'The first step of search_knowledge(): the ids of one page, best match first, with their rank.';
revoke all on function private.find_knowledge(uuid, text, text, text, text, integer, integer)
  from public, anon, authenticated, service_role;
grant execute on function private.find_knowledge(uuid, text, text, text, text, integer, integer)
  to authenticated, service_role;


create function public.search_knowledge(
  tenant_id uuid,
  query text,
  of_type text default null,
  tag text default null,
  in_language text default null,
  page_size integer default 20,
  skip integer default 0
)
  returns table (
    id uuid,
    type text,
    language text,
    title text,
    tags text[],
    source_url text,
    access_count bigint,
    created_at timestamptz,
    updated_at timestamptz,
    rank real,
    excerpt text
  )
  language plpgsql
  stable
  security invoker
  set search_path = ''
  -- Of a plan kept for all, the planner thinks that a tenant has as many articles as the average one:
  -- few. It would read them all rather than look up a page by key.
  set plan_cache_mode = 'force_custom_plan'
as $$
declare
  v_ids uuid[];
  v_ranks real[];
begin
  select array_agg(f.id), array_agg(f.rank) into v_ids, v_ranks
  from private.find_knowledge(
    search_knowledge.tenant_id, search_knowledge.query, search_knowledge.of_type, search_knowledge.tag,
    search_knowledge.in_language, search_knowledge.page_size, search_knowledge.skip
  ) as f;
  return query
  select
    k.id,
    k.type,
    k.language,
    k.title,
    k.tags,
    k.source_url,
    k.access_count,
    k.created_at,
    k.updated_at,
    v_ranks[array_position(v_ids, k.id)],
    -- Dear, and so for the page alone. No tags of HTML: the text around them is not escaped.
    ts_headline(
      private.search_config(k.language),
      k.body,
      websearch_to_tsquery(private.search_config(k.language), search_knowledge.query),
      'StartSel=⟦, StopSel=⟧, MaxFragments=2, MaxWords=30, MinWords=10, FragmentDelimiter=" … "'
    )
  from public.knowledge_base as k
  where k.tenant_id = search_knowledge.tenant_id and k.id = any (v_ids)
  order by array_position(v_ids, k.id);
end
$$;
comment on function public.search_knowledge(uuid, text, text, text, text, integer, integer) is
  'A tenant''s articles that hold the words of query ("exact phrase", or, -not), by the rules of each '
  'article''s language, best match first; of one type, with a tag, in one language if asked. excerpt '
  'shows where, the words between ⟦ and ⟧; it is plain text, to be escaped like any other. The next '
  'page: skip those seen. Raises PT404 for a tenant out of reach, 42501 below viewer, 22023 for '
  'arguments that say nothing to look for.';
revoke all on function public.search_knowledge(uuid, text, text, text, text, integer, integer)
  from public, anon, authenticated, service_role;
grant execute on function public.search_knowledge(uuid, text, text, text, text, integer, integer)
  to authenticated, service_role;


create table private.knowledge_accesses (
  tenant_id uuid not null,
  article_id uuid not null,
  id uuid not null default private.uuid_v7(),
  created_at timestamptz not null default clock_timestamp(),
  constraint knowledge_accesses_pkey primary key (tenant_id, article_id, id),
  -- None to the article, into whose row every reader would write a lock.
  constraint knowledge_accesses_tenant_id_fkey foreign key (tenant_id) references public.tenants (id) on delete cascade
)
-- Filled and emptied all the time.
with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_analyze_scale_factor = 0.5);
comment on table private.knowledge_accesses is
  'Readings of articles that are not counted yet. Each is a row of its own, so that readers never '
  'wait for each other; ops.count_knowledge_accesses takes them away.';

alter table private.knowledge_accesses enable row level security;
revoke all on private.knowledge_accesses from public, anon, authenticated, service_role;


create function public.record_knowledge_access(tenant_id uuid, article_id uuid)
  returns void
  language plpgsql
  volatile
  security definer -- readers may not write
  set search_path = ''
as $$
begin
  if not private.is_trusted_session() then
    perform private.require_role(record_knowledge_access.tenant_id, 'viewer');
  end if;
  if not exists (
    select from public.knowledge_base as k
    where k.tenant_id = record_knowledge_access.tenant_id and k.id = record_knowledge_access.article_id
  ) then
    raise exception using
      errcode = 'PT404',
      message = 'There is no such article.',
      detail = format('article_id %s', coalesce(record_knowledge_access.article_id::text, 'null')),
      hint = 'Use the id of an article of this tenant.';
  end if;
  insert into private.knowledge_accesses (tenant_id, article_id)
  values (record_knowledge_access.tenant_id, record_knowledge_access.article_id);
end
$$;
comment on function public.record_knowledge_access(uuid, uuid) is
  'Counts that an article was read; access_count shows it within a minute or so. Readers never wait for '
  'each other. Raises PT404 for a tenant or article out of reach, 42501 below viewer.';
revoke all on function public.record_knowledge_access(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.record_knowledge_access(uuid, uuid) to authenticated, service_role;


create function ops.count_knowledge_accesses(at_most integer default 50000)
  returns bigint
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_counted bigint;
begin
  with taken as (
    delete from private.knowledge_accesses as a
    where a.ctid = any (array(
      select b.ctid from private.knowledge_accesses as b limit count_knowledge_accesses.at_most for update skip locked
    ))
    returning a.tenant_id, a.article_id, a.created_at
  ),
  counted as (
    select t.tenant_id, t.article_id, count(*) as accesses, max(t.created_at) as last_at
    from taken as t
    group by t.tenant_id, t.article_id
  ),
  -- Those of an article that is gone count for nothing.
  written as (
    update public.knowledge_base as k
    set
      access_count = k.access_count + c.accesses,
      last_accessed_at = greatest(k.last_accessed_at, c.last_at)
    from counted as c
    where k.tenant_id = c.tenant_id and k.id = c.article_id
  )
  select count(*) into v_counted from taken;
  return v_counted;
end
$$;
comment on function ops.count_knowledge_accesses(integer) is
  'Adds the readings of articles to their counts, at most so many; returns how many. For the schedule '
  'count-knowledge-accesses.';
revoke all on function ops.count_knowledge_accesses(integer) from public, anon, authenticated, service_role;

insert into ops.schedules (name, description, cron, kind, target)
values (
  'count-knowledge-accesses',
  'How often the articles of the knowledge base were read.',
  '* * * * *',
  'sql',
  'select ops.count_knowledge_accesses()'
);
