-- Nobody says when a row was changed: every table that keeps it sets it, whatever an update says. That enrolled tables do is
-- said where they are enrolled; that of a schedule is when it last meant something else, and a run by hand leaves it alone.
begin;
\ir ../helpers/cast.psql

create temp table dated as
select format('%I.%I', n.nspname, c.relname) as name
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
join pg_attribute as a on a.attrelid = c.oid and a.attname = 'updated_at' and not a.attisdropped
where n.nspname in ('public', 'private', 'ops') and c.relkind in ('r', 'p') and not c.relispartition
  and c.oid <> 'ops.schedules'::regclass and not exists (select from private.enrollments as e where e.relation = format('%I.%I', n.nspname, c.relname));
create function tests.dates_of(relation text, change text) returns text language plpgsql as $$
declare
  v_dates text;
begin
  execute format('update %s set updated_at = %s', relation, change);
  execute format('select string_agg(distinct t.updated_at::text, '', '') from %s as t', relation) into v_dates;
  return coalesce(v_dates, 'no row');
end
$$;
select plan(count(*)::integer + 1) from dated;

select cmp_ok((select count(*) from dated), '>', 2::bigint, 'there are tables that keep it');
select is(tests.dates_of(name, '''2020-01-01'''), now()::text, format('%s says when it was changed', name))
from dated order by name;

select * from finish();
rollback;
