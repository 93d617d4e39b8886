-- A table whose keys cross tenants, or tell one tenant what another holds, is not enrolled.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/notes.psql
select plan(12);

create table public.sheets (tenant_id uuid not null, id uuid not null, note_id uuid, code text, other_tenant uuid);
create function tests.with_fault(change text, message text, sentence text) returns text language plpgsql as $$
begin
  execute change;
  return throws_ok('call private.enroll(''public.sheets'', read => ''viewer'')', '42P16', 'public.sheets cannot be enrolled: ' || message || '.', sentence);
end
$$;

select tests.with_fault('select 1', 'it needs a primary key that begins with tenant_id', 'S2 no primary key');
select tests.with_fault('alter table public.sheets add primary key (id)',
  'it needs a primary key that begins with tenant_id', 'S2 a key without the tenant');
select tests.with_fault('alter table public.sheets drop constraint sheets_pkey, add primary key (id, tenant_id)',
  'it needs a primary key that begins with tenant_id', 'S2 a key that ends with the tenant');
alter table public.sheets drop constraint sheets_pkey, add primary key (tenant_id, id);
select tests.with_fault('create unique index sheets_code_key on public.sheets (code)',
  'unique index public.sheets_code_key must begin with tenant_id',
  'S3 a code that is unique over all tenants');
select tests.with_fault('drop index public.sheets_code_key; create unique index sheets_lower_key on public.sheets (lower(code), tenant_id)',
  'unique index public.sheets_lower_key must begin with tenant_id', 'S3 the same, computed');
drop index public.sheets_lower_key;
create unique index notes_id_key on public.notes (id);
select tests.with_fault('alter table public.sheets add constraint sheets_note_fkey foreign key (note_id) references public.notes (id)',
  'foreign key sheets_note_fkey must begin with the tenant on both sides', 'S3 a reference without the tenant');
alter table public.sheets drop constraint sheets_note_fkey;
drop index public.notes_id_key;
select tests.with_fault(
  'alter table public.sheets add constraint sheets_note_fkey foreign key (other_tenant, note_id) references public.notes (tenant_id, id)',
  'foreign key sheets_note_fkey must begin with the tenant on both sides', 'S3 a reference with another tenant');
alter table public.sheets drop constraint sheets_note_fkey;
select tests.with_fault('alter table public.sheets add constraint sheets_other_fkey foreign key (other_tenant) references public.tenants (id)',
  'foreign key sheets_other_fkey points at a tenant besides its own',
  'S3 a reference to a tenant besides its own');
alter table public.sheets drop constraint sheets_other_fkey;
select lives_ok($$call private.enroll('public.sheets', read => 'viewer')$$, 'S2 without a fault it is enrolled');
call private.withdraw('public.sheets');
alter table public.sheets drop constraint sheets_pkey;
select tests.with_fault('alter table public.sheets alter tenant_id drop not null', 'tenant_id must be uuid not null',
  'S2 a tenant that may be null');
select tests.with_fault('alter table public.sheets alter tenant_id type text using tenant_id::text, alter tenant_id set not null',
  'tenant_id must be uuid not null', 'S2 a tenant that is no uuid');
select is((select count(*) from private.enrollments where relation = 'public.sheets'), 0::bigint,
  'S2 nothing is declared');

select * from finish();
rollback;
