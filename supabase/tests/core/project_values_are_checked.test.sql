-- What a project may hold.
begin;
\ir ../helpers/cast.psql
select plan(18);

select tests.sign_in('acme_manager');
select throws_ok(
  format('update public.projects set %s where id = tests.project_id(''acme_house'')', what), '23514',
  format('new row for relation "projects" violates check constraint "%s"', name),
  format('C9 refused: %s', left(what, 50))
)
from (values
  ('name = '' ''', 'name_has_1_to_200_characters'), ('name = repeat(''x'', 201)', 'name_has_1_to_200_characters'),
  ('description = repeat(''x'', 10001)', 'description_has_at_most_10000_characters'),
  ('repository_url = ''javascript:alert(1)''', 'repository_url_is_an_address'),
  ('repository_url = ''https://'' || repeat(''x'', 2000)', 'repository_url_is_an_address'),
  ('external_ids = ''[]''', 'external_ids_is_an_object_of_at_most_16_kb'),
  ('external_ids = jsonb_build_object(''a'', repeat(''x'', 16384))', 'external_ids_is_an_object_of_at_most_16_kb'),
  ('settings = ''1''', 'settings_is_an_object_of_at_most_64_kb')
) as v (what, name);
select lives_ok(
  format('update public.projects set repository_url = %L where id = tests.project_id(''acme_house'')', url),
  format('C9 %s is an address', url)
)
from (values ('https://tests.example/a'), ('http://tests.example'), ('ssh://git@tests.example/a.git'),
  ('git@tests.example:a.git')) as v (url);
select lives_ok(
  $$update public.projects set external_ids = '{"github_repo": "acme/site", "linear_team": "ACM", "other": 1}'
    where id = tests.project_id('acme_house')$$, 'C9 ids elsewhere are kept'
);
select results_eq(
  $$select github_repo, linear_team from public.projects where id = tests.project_id('acme_house')$$,
  $$values ('acme/site', 'ACM')$$, 'C9 and the two that people filter by are columns'
);
select throws_ok(
  $$update public.projects set external_ids = jsonb_build_object('github_repo', (select string_agg(md5(i::text), '') from generate_series(1, 200) as i))
    where id = tests.project_id('acme_house')$$, '23514',
  'new row for relation "projects" violates check constraint "github_repo_has_at_most_500_characters"',
  'C9 an id that is too long for its index is refused by a check that says so'
);
select throws_ok(
  $$insert into public.projects (tenant_id, name) values (tests.tenant_id('acme'), 'South')$$, '23505',
  'duplicate key value violates unique constraint "projects_tenant_id_name_key"', 'C9 a name is taken once in a tenant'
);
select lives_ok(
  $$insert into public.projects (tenant_id, name) values (tests.tenant_id('acme'), 'Elsewhere')$$,
  'C9 another one is free'
);
select tests.throws_as('acme_manager', $$insert into public.projects (name) values ('Nowhere')$$, '42501',
  'new row violates row-level security policy for table "projects"', 'S2 a row without a tenant is refused');

select * from finish();
rollback;
