-- A sequence runs out at its own end or where its numbers no longer fit into the column, whichever comes first.
begin;
\ir ../helpers/cast.psql
select plan(7);

create table public.tickets (
  id bigint generated always as identity, narrow integer, wide bigint, tiny smallserial, small integer
);
create sequence public.of_bigint owned by public.tickets.narrow;
alter table public.tickets alter column narrow set default nextval('public.of_bigint');
create domain public.tiny_number as smallint;
alter table public.tickets add column domained public.tiny_number default nextval('public.of_bigint');
create sequence public.turning as smallint cycle;
create sequence public.descending as smallint increment -1;
create sequence public.shared;
alter table public.tickets alter column wide set default nextval('public.shared'),
  alter column small set default nextval('public.shared');

select is_empty('select * from ops.check_sequences()', 'P1 unused sequences are no worry');
select setval('public.of_bigint', 29491), setval('public.turning', 32767), setval('public.descending', -30000),
  setval('public.tickets_tiny_seq', 25000), setval('public.tickets_id_seq', 1000000000000);
select results_eq(
  $$select sequence_name::text collate "default", column_name::text collate "default", limited_by, limit_value, used_percent
    from ops.get_sequence_exhaustion() where sequence_name in ('of_bigint', 'descending', 'tickets_id_seq') order by 1, 2$$,
  $$values
    ('descending', null, 'sequence', -32768::bigint, 91.55),
    ('of_bigint', 'domained', 'column', 32767, 90.00), ('of_bigint', 'narrow', 'column', 2147483647, 0.00),
    ('tickets_id_seq', 'id', 'sequence', 9223372036854775807, 0.00)$$,
  'P1 each column that a sequence fills is judged, through its domain'
);
select results_eq(
  $$select key, status from ops.check_sequences() order by key$$,
  $$values ('public.descending', 'critical'), ('public.of_bigint public.tickets domained', 'critical'),
    ('public.tickets_tiny_seq public.tickets tiny', 'warn')$$,
  'P1 warn from 75 %, critical from 90 %; one that begins anew never runs out'
);
select setval('public.shared', (0.91 * 2147483647)::bigint);
select results_eq(
  $$select key, status, facts ->> 'limited_by', facts ->> 'sequence_type', facts ->> 'column_type', remedy
    from ops.check_sequences() where key ~ 'shared'$$,
  $$values ('public.shared public.tickets small', 'critical', 'column', 'bigint', 'integer',
    'alter table public.tickets alter column small type bigint;')$$,
  'P1 a bigint sequence at 91 % of an integer column'
);
select is((select values_left from ops.get_sequence_exhaustion() where sequence_name = 'shared' and column_name = 'small'),
  2147483647 - (0.91 * 2147483647)::bigint, 'P1 and how many numbers are left');
update ops.health_thresholds set warn = 99, critical = 100 where check_name = 'sequences';
select is_empty('select * from ops.check_sequences()', 'P1 below the thresholds of the operators it is silent');
select is((select remedy from ops.get_sequence_exhaustion() where sequence_name = 'tickets_tiny_seq'),
  'alter table public.tickets alter column tiny type bigint; alter sequence public.tickets_tiny_seq as bigint;',
  'P1 a serial is widened on both sides');

select * from finish();
rollback;
