-- The words of a row stand in one value that holds at most 1 MB. The longest texts, made of what takes up most of it, fit.
begin;
\ir ../helpers/cast.psql
select plan(5);

-- Addresses count three times over, whole and in parts; letters of four bytes take most for each character.
create function tests.dense_text(characters integer) returns text language sql immutable
  return left(
    (select string_agg(format('%1$s.%1$s/%1$s', to_hex(i)), ' ')
      from generate_series(1, 1 + characters / 12) as i),
    characters
  );
create function tests.wide_text(characters integer) returns text language sql immutable
  return left(
    (select string_agg(chr(66600 + i / 40 % 40) || chr(66600 + i % 40) || chr(66600 + i / 1600), '-')
      from generate_series(0, characters / 4) as i),
    characters
  );

select cmp_ok(octet_length(tests.wide_text(20000)), '>', 60000, 'T9: wide text is wide');
select lives_ok(
  format(
    'insert into public.ai_generations (tenant_id, prompt, model, status, started_at, result)
     values (tests.tenant_id(''acme''), tests.%1$I(100000), ''m'', ''succeeded'', now(),
       jsonb_build_object(''text'', tests.%1$I(%2$s)))', maker, longest
  ),
  format('T9: the longest generation can be kept, made of %s', maker)
)
from (values ('dense_text', 110000), ('wide_text', 36000)) as v (maker, longest);
select lives_ok(
  format(
    'insert into public.browser_sessions (tenant_id, browser, status, name, error, artefacts)
     values (tests.tenant_id(''acme''), ''chrome'', ''failed'', tests.%1$I(500), tests.%1$I(10000),
       jsonb_build_array(jsonb_build_object(''kind'', ''log'', ''path'', tests.%1$I(%2$s))))', maker, longest
  ),
  format('T9: the longest session can be kept, made of %s', maker)
)
from (values ('dense_text', 55000), ('wide_text', 18000)) as v (maker, longest);

select * from finish();
rollback;
