-- Primary keys, unique indexes and exclusion constraints of tenant tables begin with the tenant: rows of a tenant lie
-- together, and a key taken by one tenant tells another one nothing. What cannot be so is written down.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(4);

select cmp_ok((select count(*) from tests.tenant_tables), '>', 20::bigint, 'S2 there are tenant tables to look at');
select is_empty(
  $$select t.name from tests.tenant_tables as t
    join pg_attribute as a on a.attrelid = t.oid and a.attnum = t.tenant
    where not a.attnotnull or a.atttypid <> 'uuid'::regtype$$,
  'S2 the tenant of a row is a uuid and never null'
);
select is_empty(
  $$select t.name from tests.tenant_tables as t
    where not exists (select from tests.indexes as i where i.table_oid = t.oid and i.indisprimary and i.keys[1] = t.tenant)$$,
  'S2 every primary key begins with the tenant'
);
select set_eq(
  $$select i.name from tests.indexes as i join tests.tenant_tables as t on t.oid = i.table_oid
    join pg_index as x on x.indexrelid = i.oid
    where (x.indisunique or x.indisexclusion) and i.keys[1] <> t.tenant$$,
  $$values ('tenants_slug_key'), ('private.invitation_tokens_token_hash_key')$$,
  'S3 every unique index begins with the tenant, but for addresses of tenants and for hashes'
);

select * from finish();
rollback;
