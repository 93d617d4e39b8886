-- An event of 256 KB is kept; a larger one is refused with its size, and without repeating it.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/components.psql
\ir ../helpers/events.psql
select plan(6);

create function tests.payload(bytes integer) returns jsonb language sql immutable
  return jsonb_build_object('a', repeat('x', bytes - octet_length('{"a": ""}')));
create function tests.answer_to(payload jsonb) returns table (code text, message text, detail text, hint text, has_content boolean)
  language plpgsql as $$
begin
  perform public.log_event(tests.tenant_id('acme'), 'x', payload => answer_to.payload);
exception
  when others then
    get stacked diagnostics code = returned_sqlstate, message = message_text, detail = pg_exception_detail, hint = pg_exception_hint;
    has_content := concat(message, detail, hint) like '%xxx%';
    return next;
end
$$;
select is_empty('select * from tests.answer_to(tests.payload(262144))', 'O4 256 KB are kept');
select results_eq('select * from tests.answer_to(tests.payload(262145))',
  $$values ('22023', 'payload must have at most 256 KB.', '262145 bytes', 'Keep large content elsewhere and log where it is.', false)$$,
  'O4 a byte more is refused');
select results_eq('select code, message, detail, has_content from tests.answer_to(tests.payload(5 * 1024 * 1024))',
  $$values ('22023', 'payload must have at most 256 KB.', '5242880 bytes', false)$$, 'O4 5 MB are refused with a clear error');
select results_eq($$select code from tests.answer_to('[]')$$, array['23514'], 'O4 a payload that is no object, too');
select throws_ok(
  $$insert into public.events (tenant_id, type, payload) values (tests.tenant_id('acme'), 'x', tests.payload(262145))$$, '23514',
  format('new row for relation "%s" violates check constraint "payload_is_an_object_of_at_most_256_kb"', split_part(tests.month_of(now()), '.', 2)),
  'O4 the table refuses it as well');
select is((select count(*) from public.events), 1::bigint, 'O4 one was kept');

select * from finish();
rollback;
