-- tg_<table>__<task>, in private; and whatever is named so is one.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(3);

select is_empty(
  $$select name from tests.functions where prorettype = 'trigger'::regtype and (proname !~ '^tg_([a-z_]+_)?_[a-z_]+$' or schema <> 'private')$$,
  'S7 every trigger function is named tg_<table>__<task> and lives in private'
);
select is_empty(
  $$select name from tests.functions where prorettype <> 'trigger'::regtype and proname like 'tg\_%'$$,
  'S7 nothing else is named so'
);
select is_empty(
  $$select f.name from tests.functions as f where prorettype = 'trigger'::regtype
    and not exists (select from pg_trigger as t where t.tgfoid = f.oid)$$,
  'S7 every trigger function is attached somewhere'
);

select * from finish();
rollback;
