-- The tables that are written all the time are vacuumed long before a fifth of them is dead.
begin;
\ir ../helpers/cast.psql
select plan(4);

create function tests.setting(relation text, name text) returns numeric language sql stable
  return ops.get_autovacuum_setting((select reloptions from pg_class where oid = setting.relation::regclass), setting.name);
select cmp_ok(tests.setting('public.projects', 'autovacuum_vacuum_scale_factor'), '=', 0.2, 'P9 the default is a fifth');
select is_empty(
  $$select relation from unnest(array['private.reach', 'public.usage_metrics', 'public.conversations', 'ops.schedule_runs',
      'ops.alert_deliveries', 'ops.metric_samples']) as relation
    where tests.setting(relation, 'autovacuum_vacuum_scale_factor') > 0.05$$,
  'P9 what is updated or deleted all the time is vacuumed at a twentieth or less'
);
select is_empty(
  $$select relation from unnest(array['public.messages', 'ops.metric_samples']) as relation
    where tests.setting(relation, 'autovacuum_vacuum_insert_scale_factor') > 0.05$$,
  'P9 what only grows is vacuumed when a twentieth is new'
);
select is_empty(
  $$select t.relname from pg_class as t cross join unnest(t.reloptions) as o
    where t.relnamespace::regnamespace::text in ('public', 'private', 'ops') and o ~ '^autovacuum_enabled=(false|off|0|no)'$$,
  'P9 autovacuum is switched off nowhere'
);

select * from finish();
rollback;
