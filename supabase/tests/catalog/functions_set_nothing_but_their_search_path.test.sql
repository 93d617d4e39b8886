-- A setting on a function or in its body changes the session under everything it calls: the role, the claims, whether
-- triggers fire. A leakproof function is shown rows before the policies are asked.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(3);

select is_empty(
  $$select name, setting from tests.functions cross join unnest(proconfig) as setting
    where setting !~ '^search_path='
      -- What looks after the database bounds its own waiting.
      and not (schema = 'ops' and setting ~ '^lock_timeout=')$$,
  'S7 no function comes with any other setting'
);
select is_empty(
  $$select name from tests.functions
    where regexp_replace(regexp_replace(prosrc, '--[^\n]*', '', 'g'), '/\*.*?\*/', '', 'g')
      ~* '\mset_config\M|(;|\m(begin|then|else|loop)\M)\s*(set|reset)\M'$$,
  'S7 no function changes a setting in its body'
);
select is_empty(
  $$select f.name from tests.functions as f join pg_proc as p on p.oid = f.oid where p.proleakproof$$,
  'S7 no function of ours is leakproof'
);

select * from finish();
rollback;
