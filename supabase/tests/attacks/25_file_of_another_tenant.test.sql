-- Files in Storage: a public bucket shows all of them by their address, a policy that asks for the bucket alone lists
-- every tenant's. Rowhouse keeps none; a project that does is held to these rules, and here a planted Storage is.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
select plan(15);

-- What is wrong with the Storage in a schema; nothing where there is none.
create function tests.storage_faults(storage text) returns setof text language plpgsql as $$
begin
  if to_regclass(format('%I.buckets', storage)) is null then
    return;
  end if;
  return query execute format('select format(''bucket %%s is public'', id) from %I.buckets where public', storage);
  return query select format('row level security is off on %s', c.oid::regclass) from pg_class as c
    where c.relnamespace = to_regnamespace(storage) and c.relname in ('buckets', 'objects') and not c.relrowsecurity;
  return query
    select format('policy %s %s', p.policyname,
      case when p.roles <> '{authenticated}' then 'is for others than authenticated' else 'asks for no tenant' end)
    from pg_policies as p
    cross join lateral (values (p.qual), (p.with_check)) as x (expression)
    where p.schemaname = storage
      and (p.roles <> '{authenticated}' or x.expression is not null and x.expression
        !~ 'name.* = ANY \(\(\( SELECT .*private\.my_reach');
end
$$;
select is_empty($$select tests.storage_faults('storage')$$,
  'S4 no bucket is public, and no policy on files forgets the tenant');

create schema planted;
grant usage on schema planted to authenticated;
create table planted.buckets (id text primary key, public boolean not null default false);
create table planted.objects (id uuid default gen_random_uuid() primary key, bucket_id text, name text,
  owner uuid default auth.uid());
alter table planted.buckets enable row level security;
alter table planted.objects enable row level security;
grant select, insert, update, delete on planted.objects to authenticated;
insert into planted.buckets values ('photos');
insert into planted.objects (bucket_id, name) select 'photos', t || '/photo.jpg'
  from unnest(array[tests.tenant_id('acme'), tests.tenant_id('globex')]::text[]) as t;
select is_empty($$select tests.storage_faults('planted')$$, 'S4 a Storage that is shut has no faults');
create function tests.path(tenant text) returns text language sql return quote_literal(tests.tenant_id(tenant)
  || '/new.jpg');

-- As tutorials have it: whoever is signed in, in this bucket.
create policy careless on planted.objects to authenticated using (bucket_id = 'photos');
select is(tests.answer('acme_viewer', 'select from planted.objects'), '2 rows',
  'S4 by the bucket alone a member of one tenant lists the other''s files');
select is(tests.storage_faults('planted'), 'policy careless asks for no tenant', 'S4 which is noticed');
drop policy careless on planted.objects;
create policy careless on planted.objects for select to public using (true);
select is(tests.storage_faults('planted'), 'policy careless is for others than authenticated',
  'S4 as is a policy for visitors');
drop policy careless on planted.objects;
update planted.buckets set public = true;
select is(tests.storage_faults('planted'), 'bucket photos is public', 'S4 and a public bucket');
update planted.buckets set public = false;
alter table planted.objects disable row level security;
select is(tests.storage_faults('planted'), 'row level security is off on planted.objects',
  'S4 and files without policies');
alter table planted.objects enable row level security;

-- By the first folder, which is the tenant, compared as text: a name that is no uuid must not make the policy raise.
create policy tenant_files on planted.objects to authenticated
  using (bucket_id = 'photos' and split_part(name, '/',
    1) = any ((select r.member from private.my_reach as r)::text[]));
select is_empty($$select tests.storage_faults('planted')$$,
  'S4 a policy that asks for the folder of the tenant has no fault');
select is(tests.answer(who, statement), expected, format('S4 %s: %s', who, left(statement, 50)))
from (values
  ('acme_member', 'select from planted.objects', '1 rows'),
  ('acme_member', 'insert into planted.objects (bucket_id, name) values (''photos'', ' || tests.path('acme') || ')',
    '1 rows'),
  ('acme_member', 'insert into planted.objects (bucket_id, name) values (''photos'', ' || tests.path('globex') || ')',
    '42501 new row violates row-level security policy for table "objects"'),
  ('acme_member', 'insert into planted.objects (bucket_id, name) values (''photos'', ''photo.jpg'')',
    '42501 new row violates row-level security policy for table "objects"'),
  ('acme_member', 'update planted.objects set name = ' || tests.path('globex'),
    '42501 new row violates row-level security policy for table "objects"'),
  ('stranger', 'delete from planted.objects', '0 rows')
) as v (who, statement, expected);

select * from finish();
rollback;
