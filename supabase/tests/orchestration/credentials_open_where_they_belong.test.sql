-- What is encrypted is authenticated with what it belongs to: changed by a bit, or copied to another row, it does not open.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/components.psql
\ir ../helpers/credentials.psql
select plan(13);

select tests.rows_as(admin, tests.set_credentials(component, '{"token": "same"}'))
from (values ('acme_admin', 'acme_mailer'), ('acme_admin', 'acme_builder'), ('globex_owner', 'globex_builder')) as v (admin, component);
select is(count(distinct substring(sealed for 16)), 3::bigint, 'S9 each begins anew') from private.component_credentials;
select is(count(distinct substring(sealed from 17 for 16)), 3::bigint, 'S9 so that the same looks different')
from private.component_credentials;
create table tests.sealed as select * from private.component_credentials where component_id = tests.component_id('acme_mailer');

create function tests.opens(component text, sealed bytea, key_id integer default 1) returns text language plpgsql as $$
begin
  update private.component_credentials as k set sealed = opens.sealed, key_id = opens.key_id
  where k.component_id = tests.component_id(component);
  return tests.credentials(component);
exception
  when data_corrupted then
    return sqlerrm;
end
$$;
select is(tests.opens('acme_mailer', sealed), '{"token": "same"}', 'S9 as it was closed it opens') from tests.sealed;
select is(tests.opens(component, s.sealed), 'The encrypted value has been changed, or belongs to something else.',
  format('S9 not for %s', component))
from tests.sealed as s, unnest(array['acme_builder', 'globex_builder']) as component;
select is(tests.opens('acme_mailer', set_byte(s.sealed, place, get_byte(s.sealed, place) # 1)),
  'The encrypted value has been changed, or belongs to something else.', format('S9 not with a bit of byte %s changed', place))
from tests.sealed as s, unnest(array[0, 16, 32, 47, 79]) as place;
select is(tests.opens('acme_mailer', substring(s.sealed for length)),
  'The encrypted value has been changed, or belongs to something else.', format('S9 not %s bytes of it', length))
from tests.sealed as s, unnest(array[0, 48, 79]) as length;

select * from finish();
rollback;
