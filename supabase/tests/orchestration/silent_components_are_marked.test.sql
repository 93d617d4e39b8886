-- A component that has said nothing for three times its heartbeat is marked as silent, until it speaks again.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/components.psql
select plan(6);

create function tests.silent_for(name text, age interval, is_enabled boolean default true, heartbeat integer default 60)
  returns void language sql begin atomic;
  update public.components set last_heartbeat_at = clock_timestamp() - age, is_enabled = silent_for.is_enabled,
    heartbeat_seconds = heartbeat, health_changed_at = null
  where id = tests.component_id(silent_for.name);
end;

select tests.silent_for('acme_builder', '170 seconds'), tests.silent_for('globex_builder', '190 seconds');
select is(ops.mark_silent_components(), 1, 'O4 after three minutes with a heartbeat of one');
select results_eq(
  $$select id, health_changed_at > now() from public.components where health_status = 'silent'$$,
  $$values (tests.component_id('globex_builder'), true)$$, 'O4 the one is silent, the other not yet, nor what never spoke'
);
select is(ops.mark_silent_components(), 0, 'O4 once');
select tests.silent_for('acme_builder', '190 seconds', false), tests.silent_for('acme_mailer', '190 seconds', true, 70);
select is(ops.mark_silent_components(), 0, 'O4 not one that is switched off, nor one with a longer heartbeat');
select tests.lives_as('globex_member', format('select public.record_heartbeat(%L, %L)', tests.tenant_id('globex'),
  tests.component_id('globex_builder')), 'O4 it speaks again');
select is_empty($$select from public.components where health_status = 'silent'$$, 'O4 and is silent no more');

select * from finish();
rollback;
