-- To a role that may not read the statistics of others their state is null, which would pass for health: it is told so.
begin;
\ir ../helpers/cast.psql
select plan(12);

create role rowhouse_blind;
grant rowhouse_blind to postgres;
grant usage on schema ops, private to rowhouse_blind;
grant create on schema ops to rowhouse_blind;
grant execute on all functions in schema ops, private to rowhouse_blind;

create table tests.lookouts as
select p.oid::regprocedure as routine, p.proname::text as name
from pg_proc as p
where p.pronamespace = 'ops'::regnamespace
  and p.proname in ('get_blocking_locks', 'get_connection_stats', 'get_long_transactions', 'get_replication_stats', 'get_xmin_holders');

select lives_ok(format('select from ops.%I()', name), format('P1 ops.%s answers whoever may see', name))
from tests.lookouts order by name;
do $$
declare
  v_routine regprocedure;
begin
  for v_routine in select routine from tests.lookouts loop
    execute format('alter function %s owner to rowhouse_blind', v_routine);
  end loop;
end
$$;
select throws_ok(format('select from ops.%I()', name), '0A000', 'The role rowhouse_blind may not see the sessions of others.',
  format('P1 ops.%s says that it sees nothing', name))
from tests.lookouts order by name;

select lives_ok('select from ops.read_statements()', 'P1 statements are read by whoever may see them');
alter function ops.read_statements() security definer;
alter function ops.read_statements() owner to rowhouse_blind;
select throws_ok('select from ops.read_statements()', '0A000', 'The role rowhouse_blind is no member of pg_read_all_stats.',
  'P1 and of the others'' there is nothing to say');

select * from finish();
rollback;
