-- A constraint made not valid is named until it is validated.
begin;
\ir ../helpers/cast.psql
select plan(3);

create table public.parcels (id integer primary key, weight integer, parent integer);
create domain public.percentage as integer;
select is_empty('select * from ops.check_not_validated_constraints()', 'P1 all constraints of the house are validated');
alter table public.parcels
  add constraint weighs_something check (weight > 0) not valid,
  add constraint parcels_parent_fkey foreign key (parent) references public.parcels (id) not valid,
  add constraint has_a_parent check (parent is not null);
alter domain public.percentage add constraint is_a_share check (value between 0 and 100) not valid;
select results_eq(
  'select key, status, remedy from ops.check_not_validated_constraints() order by key',
  $$values
    ('public.parcels.parcels_parent_fkey', 'warn', 'alter table public.parcels validate constraint parcels_parent_fkey;'),
    ('public.parcels.weighs_something', 'warn', 'alter table public.parcels validate constraint weighs_something;'),
    ('public.percentage.is_a_share', 'warn', 'alter domain public.percentage validate constraint is_a_share;')$$,
  'P1 foreign key, check and domain, each with what validates it'
);
do $$
declare
  v_remedy text;
begin
  for v_remedy in select f.remedy from ops.check_not_validated_constraints() as f loop
    execute v_remedy;
  end loop;
end
$$;
select is_empty('select * from ops.check_not_validated_constraints()', 'P1 which it does');

select * from finish();
rollback;
