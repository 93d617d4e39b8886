-- Without Vault, or without a usable key in it, nothing is kept and nothing opens.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/components.psql
\ir ../helpers/credentials.psql
select plan(12);

select tests.rows_as('acme_admin', tests.set_credentials('acme_mailer', '{"token": "x"}'));
create table tests.kept as select secret from vault.secrets where name = 'rowhouse_encryption_key_1';
create function tests.replace_key(key text) returns void language plpgsql as $$
begin
  delete from vault.secrets where name = 'rowhouse_encryption_key_1';
  perform vault.create_secret(key, 'rowhouse_encryption_key_1') where key is not null;
end
$$;
select tests.replace_key(repeat('A', 64));
select tests.throws_as('service', tests.get_credentials('acme_mailer'), '0A000',
  'Vault holds no usable rowhouse_encryption_key_1.', 'S9 a key that is none opens nothing');
select tests.replace_key(repeat('a', 63));
select tests.throws_as('acme_admin', tests.set_credentials('acme_mailer', '{"token": "y"}'), '0A000',
  'Vault holds no usable rowhouse_encryption_key_1.', 'S9 nor does it close anything');
select tests.replace_key(repeat('a', 64));
select tests.throws_as('service', tests.get_credentials('acme_mailer'), 'XX001',
  'The encrypted value has been changed, or belongs to something else.', 'S9 nor does another key open');
select tests.replace_key(null);
select tests.throws_as('service', tests.get_credentials('acme_mailer'), '0A000',
  'Vault holds no usable rowhouse_encryption_key_1.', 'S9 nor none at all');
select is(private.newest_encryption_key(), 0, 'S9 then there is no newest one');
select tests.throws_as('acme_admin', tests.set_credentials('acme_mailer', '{"token": "y"}'), '0A000',
  'Vault holds no usable rowhouse_encryption_key_0.', 'S9 with which to close');
select tests.replace_key((select secret from tests.kept));
select is(tests.credentials('acme_mailer'), '{"token": "x"}', 'S9 the key brought back opens it');

drop schema vault cascade;
select is(private.newest_encryption_key(), 0, 'S9 without Vault there is no key');
select tests.throws_as('acme_admin', tests.set_credentials('acme_mailer', '{"token": "y"}'), '0A000', 'Vault is not installed.',
  'S9 nothing is kept');
select tests.throws_as('service', tests.get_credentials('acme_mailer'), '0A000', 'Vault is not installed.', 'S9 nothing opens');
select tests.throws_as('service', 'select ops.add_encryption_key()', '0A000', 'Vault is not installed.', 'S9 no key is made');
select tests.lives_as('acme_admin', tests.set_credentials('acme_mailer', null), 'S9 taking them away needs no key');

select * from finish();
rollback;
