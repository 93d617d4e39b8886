-- A unique key is no primary key, a reference is asked on both sides, and what is wrong with another table does not matter.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/notes.psql
select plan(5);

create table public.sheets (tenant_id uuid not null, id uuid not null, note_id uuid, unique (tenant_id, id));
select throws_ok($$call private.enroll('public.sheets', read => 'viewer')$$, '42P16',
  'public.sheets cannot be enrolled: it needs a primary key that begins with tenant_id.',
  'S2 not with a unique key in the place of the primary one');
alter table public.sheets add primary key (tenant_id, id);
create unique index notes_id_tenant_id_key on public.notes (id, tenant_id);
alter table public.sheets
  add constraint sheets_note_fkey foreign key (tenant_id, note_id) references public.notes (id, tenant_id);
select throws_ok($$call private.enroll('public.sheets', read => 'viewer')$$, '42P16',
  'public.sheets cannot be enrolled: foreign key sheets_note_fkey must begin with the tenant on both sides.',
  'S3 not with a tenant that points at another column');
alter table public.sheets drop constraint sheets_note_fkey;
select lives_ok($$call private.enroll('public.sheets', read => 'viewer')$$, 'S2 without a fault it is enrolled');

create table public.careless (id uuid primary key, note_tenant uuid, note_id uuid,
  foreign key (note_tenant, note_id) references public.notes (tenant_id, id));
select lives_ok($$call private.enroll('public.sheets', read => 'viewer')$$,
  'S3 also beside a table whose reference crosses tenants');
alter table public.careless drop constraint careless_note_tenant_note_id_fkey,
  add foreign key (note_tenant) references public.tenants (id);
select lives_ok($$call private.enroll('public.sheets', read => 'viewer')$$, 'S3 and beside one that points at any tenant');

select * from finish();
rollback;
