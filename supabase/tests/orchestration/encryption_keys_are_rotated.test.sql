-- A new key encrypts from then on; what older ones closed still opens, and is encrypted again bit by bit.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/components.psql
\ir ../helpers/credentials.psql
select plan(21);

select is(private.newest_encryption_key(), 1, 'S9 the first key is made with the tables');
select matches((select secret from vault.secrets where name = 'rowhouse_encryption_key_1'), '^[0-9a-f]{64}$', 'S9 32 bytes');
select tests.rows_as(admin, tests.set_credentials(component, format('{"of": "%s"}', component)))
from (values ('acme_admin', 'acme_mailer'), ('acme_admin', 'acme_builder'), ('globex_owner', 'globex_builder')) as v (admin, component);
create function tests.keys() returns integer[] language sql
  return (select array_agg(key_id order by key_id) from private.component_credentials);
select is(tests.keys(), '{1, 1, 1}', 'S9 all are closed with it');

select tests.throws_as('acme_owner', 'select ops.add_encryption_key()', '42501',
  'This needs a platform administrator or the service role.', 'S9 users make no key');
select is(tests.value_as('platform_admin', 'select ops.add_encryption_key()'), '2', 'S9 operators do');
select is((select count(distinct secret) from vault.secrets where name like 'rowhouse_encryption_key_%'), 2::bigint, 'S9 another one');
select is(tests.credentials('acme_mailer'), '{"of": "acme_mailer"}', 'S9 what the first one closed opens');
select tests.rows_as('acme_admin', tests.set_credentials('acme_mailer', '{"of": "new"}'));
select is(tests.keys(), '{1, 1, 2}', 'S9 what is set now is closed with the second');

select tests.throws_as('acme_owner', 'select ops.reencrypt_credentials()', '42501',
  'This needs a platform administrator or the service role.', 'S9 users encrypt nothing again');
select tests.throws_as('service', format('select ops.reencrypt_credentials(%s)', most), '22023',
  format('at_most must be between 1 and 10000, not %s.', most), format('S9 nor %s', most))
from unnest(array['0', '10001', 'null']) as most;
select is(tests.value_as('service', 'select ops.reencrypt_credentials(1)'), '1', 'S9 operators, one');
select is(tests.keys(), '{1, 2, 2}', 'S9 is one');
select is(tests.value_as('platform_admin', 'select ops.reencrypt_credentials(10000)'), '1', 'S9 and the rest');
select is(tests.value_as('service', 'select ops.reencrypt_credentials()'), '0', 'S9 until there is none');
select is(tests.keys(), '{2, 2, 2}', 'S9 all are closed with the second');

delete from vault.secrets where name = 'rowhouse_encryption_key_1';
select is(tests.credentials(component), credentials, format('S9 without the first key %s opens', component))
from (values ('acme_mailer', '{"of": "new"}'), ('acme_builder', '{"of": "acme_builder"}')) as v (component, credentials);
select vault.create_secret('x', name) from unnest(array['rowhouse_encryption_key_x9', 'rowhouse_encryption_key_09', 'my_rowhouse_encryption_key_9']) as name;
select is(private.newest_encryption_key(), 2, 'S9 other secrets are none of its keys');
select is(ops.add_encryption_key(), 3, 'S9 the next one is the third');

select * from finish();
rollback;
