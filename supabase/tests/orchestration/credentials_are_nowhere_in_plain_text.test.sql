-- Credentials are encrypted wherever they lie: in no table, log or answer of the API is a word of them.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/components.psql
\ir ../helpers/credentials.psql
select plan(9);

-- Every row of every table of ours and of the API's with a word in it, also as hexadecimal or base64 digits.
create function tests.tables_with(word text) returns setof text language plpgsql as $$
declare
  v_table regclass;
  v_found boolean;
begin
  for v_table in
    select c.oid from pg_class as c
    where c.relkind in ('r', 'm') and c.relnamespace::regnamespace::text in ('public', 'private', 'ops')
  loop
    execute format('select exists (select from %s as t where t::text ilike any ($1))', v_table) into v_found using array[
      '%' || word || '%', '%' || encode(word::bytea, 'hex') || '%', '%' || encode(word::bytea, 'base64') || '%'
    ];
    if v_found then
      return next v_table::text;
    end if;
  end loop;
end
$$;

update public.components set description = 'sesame' where id = tests.component_id('acme_builder');
select set_eq($$select tests.tables_with('sesame') as name except select i.inhrelid::regclass::text from pg_inherits as i$$,
  array['components'], 'S9 a word in a table is found');
select tests.rows_as('acme_admin', tests.set_credentials('acme_mailer', '{"password": "open-barley", "user": "ali"}'));
select is(tests.credentials('acme_mailer')::jsonb ->> 'password', 'open-barley', 'S9 the credentials are there');
select is_empty($$select tests.tables_with('open-barley')$$, 'S9 and in no table');
select is_empty(
  $$select from private.component_credentials as k cross join vault.secrets as v
    where position(decode(v.secret, 'hex') in k.sealed) > 0$$, 'S9 nor is the key beside them'
);
select results_eq(
  $$select actor_id, before -> 'credentials_set_at', after ? 'credentials_set_at',
      (select count(*) from jsonb_object_keys(after))
    from public.audit_log where row_key ->> 'id' = tests.component_id('acme_mailer')::text and verb = 'update'$$,
  $$values (tests.user_id('acme_admin'), 'null'::jsonb, true, 1::bigint)$$, 'C8 the audit log says who set them, and no more'
);
select tests.throws_as('acme_admin', tests.set_credentials('acme_mailer', '"open-barley"'), '22023',
  'credentials must be an object of at most 16 KB with at least one value.', 'S9 no error repeats them');
select tests.throws_as(who, format('select * from %s', relation), '42501', message, format('S9 %s reads no %s', who, relation))
from (values
  ('acme_owner', 'private.component_credentials', 'permission denied for table component_credentials'),
  ('service', 'private.component_credentials', 'permission denied for table component_credentials'),
  ('service', 'vault.decrypted_secrets', 'permission denied for schema vault')
) as v (who, relation, message);

select * from finish();
rollback;
