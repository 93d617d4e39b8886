-- A declaration that does not fit is refused, and the table stays as it was.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/notes.psql
select plan(14);

call private.enroll('public.notes', read => 'viewer');
select throws_ok(format('call private.enroll(%s)', arguments), code, message, format('S1 refused: %s', arguments))
from (values
  ('''public.nothing''', '42P01', 'There is no table public.nothing.'),
  ('''notes''', '42P01', 'There is no table notes.'),
  ('null', '42P01', 'There is no table null.'),
  ('''public.notes'', read => ''king''', '22023', 'There is no role ''king''.'),
  ('''public.notes'', read => ''viewer'', write => ''king''', '22023', 'There is no role ''king''.'),
  ('''public.notes'', write => ''member''', '22023', 'public.notes: who may write or remove must be able to read.'),
  ('''public.notes'', remove => ''member''', '22023', 'public.notes: who may write or remove must be able to read.'),
  ('''public.notes'', read => ''viewer'', owner => ''maker_id''', '42703', 'public.notes has no column maker_id.'),
  ('''public.notes'', read => ''viewer'', branch => ''site_id''', '42703', 'public.notes has no column site_id.'),
  ('''public.notes'', read => ''viewer'', tenant => ''org_id''', '42703', 'public.notes has no column org_id.'),
  ('''public.notes'', read => ''viewer'', write => ''member'', changeable => ''{body, size}''', '42703',
    'public.notes has no column size that can be written.'),
  ('''public.notes'', read => ''viewer'', write => ''member'', changeable => ''{tenant_id}''', '22023',
    'public.notes: tenant_id can never be changeable.'),
  ('''public.notes'', read => ''viewer'', write => ''member'', owner => ''author_id'', changeable => ''{id, author_id, created_at}''', '22023',
    'public.notes: id, author_id, created_at can never be changeable.')
) as v (arguments, code, message);
select is(tests.try_as('acme_viewer', 'select from public.notes'), '4', 'S1 the earlier declaration is in force');

select * from finish();
rollback;
