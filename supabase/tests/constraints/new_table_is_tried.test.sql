-- A new table needs no list: its checks and foreign keys are found and tried, and one that does nothing is told. One that was
-- listed and is gone is missed.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/matrix.psql
select set_config('rowhouse.matrix_only', 'public.planted', true);
create table public.planted (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  project_id uuid not null,
  size integer not null constraint size_is_small check (size between 1 and 9),
  note text constraint refuses_nothing check (note is null or length(note) >= 0),
  constraint planted_pkey primary key (tenant_id, id),
  constraint planted_tenant_id_fkey foreign key (tenant_id) references public.tenants (id) on delete cascade,
  constraint planted_project_id_fkey foreign key (tenant_id, project_id)
    references public.projects (tenant_id, id) on delete cascade,
  constraint says_nothing_fkey foreign key (tenant_id, project_id) references public.projects (tenant_id, id)
);
\ir ../helpers/matrix/constraints.psql
insert into tests.kept_constraints values ('public.planted', '{size_is_small, gone}');
select plan(2);

select tests.constraint_cells();
select set_eq(
  'select position, got from tests.cells',
  $$values
    ('size_is_small', 'refuses'), ('planted_tenant_id_fkey', 'refuses'), ('planted_project_id_fkey', 'refuses'),
    ('refuses_nothing', 'refuses nothing that was tried (say what in tests.wrong_rows)'),
    ('says_nothing_fkey', 'does not say what becomes of a row whose parent goes'), ('gone', 'is not there')$$,
  'S3, C9: each of a new table is tried, and what is wrong with it is told'
);
alter table public.planted drop constraint size_is_small;
delete from tests.cells;
delete from tests.constraints where name = 'size_is_small';
select tests.constraint_cells();
select is((select got from tests.cells where position = 'size_is_small'), 'is not there', 'S3, C9: one that is dropped is missed');

select * from finish();
rollback;
