-- Members acknowledge and resolve the alerts of their tenant, each once; the audit log knows who.
begin;
\ir ../helpers/cast.psql
select plan(21);

insert into public.tenant_alerts (tenant_id, id, fingerprint, kind, severity, title, recommendation, began_at)
select tests.tenant_id(t), tests.id('alert', t), 'spike cpu', 'spike', 'warning', 'cpu', 'Look.', now() from unnest(array['acme', 'globex']) as t;
create function tests.handle(what text, alert text default 'acme', tenant text default 'acme') returns text language sql immutable
  return format('select public.%s_alert(%L, %L)', what, tests.tenant_id(tenant), tests.id('alert', alert));
create function tests.state() returns text language sql
  return (select concat_ws(' ', status, acknowledged_by = tests.user_id('acme_member'), acknowledged_at > now(), resolved_by is not null, resolved_at > now())
    from public.tenant_alerts where id = tests.id('alert', 'acme'));

select tests.throws_as(who, tests.handle(what), code, message, format('O7 %s does not %s', who, what))
from (values
  ('acme_viewer', '42501', 'This needs the role member or a higher one.'), ('globex_owner', 'PT404', 'There is no such tenant.')
) as v (who, code, message), unnest(array['acknowledge', 'resolve']) as what;
select tests.throws_as(who, tests.handle(what, 'globex'), 'PT404', 'There is no such alert.', format('S2 %s does not %s another tenant''s', who, what))
from unnest(array['acme_owner', 'service']) as who, unnest(array['acknowledge', 'resolve']) as what;
select tests.lives_as('acme_member', tests.handle('acknowledge'), 'O7 a member acknowledges');
select is(tests.state(), 'acknowledged t t f', 'O7 by name and time');
select tests.throws_as('acme_owner', tests.handle('acknowledge'), 'PT409', 'This alert is acknowledged already.', 'O7 once');
select throws_ok(
  $$insert into public.tenant_alerts (tenant_id, fingerprint, kind, severity, title, recommendation, began_at)
    values (tests.tenant_id('acme'), 'spike cpu', 'spike', 'info', 'x', 'x', now())$$, '23505',
  'duplicate key value violates unique constraint "tenant_alerts_unresolved_key"', 'O7 there is one alert of a cause');
select tests.lives_as('service', tests.handle('resolve'), 'O7 the service resolves');
select is(tests.state(), 'resolved t t f t', 'O7 by no name');
select tests.throws_as('acme_owner', tests.handle(what), 'PT409', 'This alert is resolved already.', format('O7 then nobody can %s it', what))
from unnest(array['acknowledge', 'resolve']) as what;
select lives_ok(
  $$insert into public.tenant_alerts (tenant_id, id, fingerprint, kind, severity, title, recommendation, began_at)
    values (tests.tenant_id('acme'), tests.id('alert', 'next'), 'spike cpu', 'spike', 'info', 'x', 'x', now())$$, 'O7 the cause comes back as another alert');
select tests.lives_as('acme_member', tests.handle('resolve', 'next'), 'O7 which can be resolved at once');
select results_eq($$select status, acknowledged_at, resolved_by from public.tenant_alerts where id = tests.id('alert', 'next')$$,
  $$values ('resolved', null::timestamptz, tests.user_id('acme_member'))$$, 'O7 by name');
select is((select count(*) from public.audit_log where table_name = 'public.tenant_alerts' and verb = 'update' and actor_id = tests.user_id('acme_member')), 2::bigint,
  'C8 the audit log says who');
select tests.throws_as('acme_owner', 'update public.tenant_alerts set status = ''open''', '42501', 'permission denied for table tenant_alerts',
  'O7 nobody writes past the functions');

select * from finish();
rollback;
