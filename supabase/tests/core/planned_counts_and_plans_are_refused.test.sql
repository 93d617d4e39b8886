-- The planner guesses over the rows of all tenants: neither its counts nor its plans are for users.
begin;
\ir ../helpers/cast.psql
select plan(26);

-- First, while nobody has set them in this session.
select tests.lives_as('acme_member', 'select private.check_request()', 'S4 headers that were never set ask for nothing');

-- A request with these headers arrives: what the API server does before anything else.
create function tests.request(headers text) returns void language plpgsql as $$
begin
  perform set_config('request.headers', headers, true), private.check_request();
end
$$;
grant execute on function tests.request(text) to anon, authenticated, service_role;
create function tests.request_with(name text, value text) returns text language sql immutable
  return format('select tests.request(%L)', json_build_object('accept', '*/*', name, value));

select tests.throws_as(
  'acme_member', tests.request_with('prefer', h), 'PT400', 'Rows are counted exactly or not at all.',
  format('S4 refused, Prefer: %s', h)
)
from unnest(array[
  'count=planned', 'count=estimated', 'return=minimal,count=planned', 'return=minimal, count=estimated ,tx=commit',
  'count=exact, count=planned', 'COUNT=Planned', 'count = "estimated"', E'\tcount=planned'
]) as h;

select tests.throws_as(
  'acme_member', tests.request_with('accept', h), 'PT400', 'The plan of a query is not shown.',
  format('S4 refused, Accept: %s', h)
)
from unnest(array[
  'application/vnd.pgrst.plan', 'application/vnd.pgrst.plan+json; for="text/csv"; options=analyze',
  'application/json, application/vnd.pgrst.plan+text', 'application/VND.PGRST.PLAN'
]) as h;

select tests.lives_as('acme_member', tests.request_with(h.name, h.value), format('S4 allowed, %s: %s', h.name, h.value))
from (values
  ('prefer', 'count=exact'), ('prefer', 'count=none'), ('prefer', 'return=representation,resolution=merge-duplicates'),
  ('prefer', ''), ('accept', 'application/vnd.pgrst.object+json'), ('accept', 'text/csv'), ('x-note', 'count=planned')
) as h (name, value);

select tests.lives_as('service', tests.request_with('prefer', 'count=planned'), 'S2 the service role may ask for a guess');
select tests.lives_as(
  'service', tests.request_with('accept', 'application/vnd.pgrst.plan'), 'S2 the service role may ask for a plan'
);
select tests.throws_as(
  'visitor', 'select private.check_request()', '42501', 'permission denied for schema private',
  'S2 a visitor''s request ends here, whatever it asks for'
);
-- Asked through a statement that a member has prepared: past the schema's door.
select tests.throws_as(
  'visitor', tests.request_with('prefer', 'count=exact'), '42501', 'permission denied for function check_request',
  'S2 and it would end at the function itself'
);
select tests.throws_as(
  'acme_former', tests.request_with('prefer', 'count=planned'), 'PT400', 'Rows are counted exactly or not at all.',
  'S4 whoever reaches nothing learns nothing either'
);

select tests.lives_as('acme_member', 'select tests.request('''')', 'S4 headers that are empty ask for nothing');

select * from finish();
rollback;
