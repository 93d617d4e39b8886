-- What a browser session may hold, and that its state and the rest agree.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/browsers.psql
select plan(43);

select tests.sign_in('acme_member');
create function pg_temp.make(what text) returns text language sql immutable return format(
  'insert into public.browser_sessions (tenant_id, browser, %s) values (tests.tenant_id(''acme''), ''chrome'', %s)',
  split_part(what, ' = ', 1), split_part(what, ' = ', 2)
);
select throws_ok(pg_temp.make(what), '23514',
  format('new row for relation "browser_sessions" violates check constraint "%s"', name), format('T2: refused: %s', left(what, 60)))
from (values
  ('name = repeat(''x'', 501)', 'name_has_at_most_500_characters'),
  ('browser_version = ''''', 'browser_version_looks_like_one'), ('browser_version = ''latest''', 'browser_version_looks_like_one'),
  ('browser_version = ''1.''', 'browser_version_looks_like_one'), ('browser_version = repeat(''1'', 11)', 'browser_version_looks_like_one'),
  ('viewport_width = 49', 'viewport_width_is_between_50_and_16384'),
  ('viewport_width = 16385', 'viewport_width_is_between_50_and_16384'),
  ('viewport_height = 49', 'viewport_height_is_between_50_and_16384'),
  ('viewport_height = 16385', 'viewport_height_is_between_50_and_16384'),
  ('device_scale = 0.2', 'device_scale_is_between_a_quarter_and_10'), ('device_scale = 10.5', 'device_scale_is_between_a_quarter_and_10'),
  ('device_scale = ''NaN''', 'device_scale_is_between_a_quarter_and_10'),
  ('status = ''done''', 'status_is_known'), ('started_at = now()', 'has_started_once_it_runs'),
  ('status = ''completed''', 'has_started_once_it_runs'), ('ended_at = now()', 'has_ended_when_it_is_over'),
  ('status, ended_at = ''running'', now()', 'has_ended_when_it_is_over'),
  ('status, started_at, ended_at = ''cancelled'', ''2026-01-02'', ''2026-01-01''', 'ends_after_it_starts'),
  ('error = ''x''', 'has_an_error_when_it_failed'), ('status = ''failed''', 'has_an_error_when_it_failed'),
  ('status, error = ''failed'', ''''', 'error_has_1_to_10000_characters'),
  ('status, error = ''failed'', repeat(''x'', 10001)', 'error_has_1_to_10000_characters')
) as v (what, name);
select throws_ok($$insert into public.browser_sessions (tenant_id, browser) values (tests.tenant_id('acme'), 'lynx')$$, '23514',
  'new row for relation "browser_sessions" violates check constraint "browser_is_known"', 'T2: refused: another browser');
select lives_ok(
  format('insert into public.browser_sessions (tenant_id, browser) values (tests.tenant_id(''acme''), %L)', browser),
  format('T2: accepted: %s', browser))
from unnest(array['chromium', 'chrome', 'edge', 'firefox', 'webkit', 'safari']) as browser;
select lives_ok(pg_temp.make(what), format('T2: accepted: %s', left(what, 60)))
from unnest(array[
  'name = repeat(''x'', 500)', 'browser_version = ''17''', 'browser_version = ''142.0.7444.59''', 'browser_version = ''148.0-b1''',
  'viewport_width = 50', 'viewport_width = 16384', 'viewport_height = 50', 'viewport_height = 16384', 'device_scale = 0.25',
  'device_scale = 10', 'status, started_at, ended_at = ''completed'', ''2026-01-01'', ''2026-01-01''',
  'status, started_at, error = ''failed'', now(), repeat(''x'', 10000)'
]) as what;

-- Whoever fills no stamps is refused.
select tests.as_operator();
alter table public.browser_sessions disable trigger _310_stamp;
select throws_ok(
  format('insert into public.browser_sessions (tenant_id, browser, status) values (tests.tenant_id(''acme''), ''chrome'', %L)', status), '23514',
  format('new row for relation "browser_sessions" violates check constraint "%s"', name), format('T2: refused: %s without its stamp', status))
from (values ('running', 'has_started_once_it_runs'), ('cancelled', 'has_ended_when_it_is_over')) as v (status, name);

select * from finish();
rollback;
