-- Components have a name of their own in the tenant, and what they are is checked at its edges.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/components.psql
select plan(19);

create function tests.add_component(columns text, vals text) returns text language sql immutable
  return format('insert into public.components (tenant_id, name, type%s) values (%L, ''new'', ''tool''%s)',
    columns, tests.tenant_id('acme'), vals);
create function tests.accepts(columns text, vals text, description text) returns text language plpgsql as $$
declare
  v_statement constant text := tests.add_component(columns, vals);
begin
  perform tests.act_as('acme_manager');
  begin
    execute v_statement;
    raise exception using errcode = 'UNDO0';
  exception
    when sqlstate 'UNDO0' then
      perform tests.as_operator();
      return pass(description);
  end;
end
$$;

select throws_ok(
  format('insert into public.components (tenant_id, name, type) values (%L, ''builder'', ''tool'')', tests.tenant_id('acme')), '23505',
  'duplicate key value violates unique constraint "components_tenant_id_name_key"', 'O4 a name is there once in a tenant');
select tests.accepts('', '', 'O4 a new one is');
select tests.accepts(format(', %s', col), format(', %s', value), format('O4 %s can be %s', col, left(value, 40)))
from (values
  ('endpoint', '''https://a.example/x@y'''), ('endpoint', '''grpc+tls://a.example:9'''), ('capabilities', '''{a,b}'''),
  ('capabilities', 'array(select ''x'' from generate_series(1, 100))'), ('capabilities', 'array[repeat(''x'', 5000)]'),
  ('heartbeat_seconds', '1'), ('heartbeat_seconds', '86400')
) as v (col, value);
select tests.throws_as('acme_manager', tests.add_component(format(', %s', col), format(', %s', value)), '23514',
  format('new row for relation "components" violates check constraint "%s"', name), format('O4 %s not %s', col, left(value, 40)))
from (values
  ('endpoint', '''https://ann:secret@a.example''', 'endpoint_holds_no_password'),
  ('endpoint', '''a.example''', 'endpoint_is_an_address'),
  ('capabilities', '''{a,""}''', 'capabilities_are_words'), ('capabilities', '''{a,null}''', 'capabilities_are_words'),
  ('capabilities', 'array(select ''x'' from generate_series(1, 101))', 'capabilities_are_at_most_100'),
  ('capabilities', 'array[repeat(''x'', 5001)]', 'capabilities_have_at_most_5000_characters'),
  ('heartbeat_seconds', '0', 'heartbeat_is_between_1_second_and_1_day'),
  ('heartbeat_seconds', '86401', 'heartbeat_is_between_1_second_and_1_day')
) as v (col, value, name);
select tests.throws_as('acme_manager', tests.add_component(', health_status', ', ''healthy'''), '42501',
  'permission denied for table components', 'O4 nobody writes how it is but by a heartbeat');
select tests.throws_as('acme_member', tests.add_component('', ''), '42501',
  'new row violates row-level security policy for table "components"', 'O4 members register none');

select * from finish();
rollback;
