-- An index that nothing reads may go, unless it is a key, serves a foreign key or identifies rows.
begin;
\ir ../helpers/cast.psql
select plan(8);

create table public.shelf (
  id integer not null, code text not null unique, parent integer, other integer, note text, weight integer,
  constraint shelf_pkey primary key (id),
  constraint shelf_parent_fkey foreign key (parent) references public.shelf (id),
  constraint shelf_other_fkey foreign key (other) references public.shelf (id),
  constraint shelf_no_overlap exclude using btree (weight with =)
);
create index shelf_parent_idx on public.shelf (parent);
create index shelf_other_idx on public.shelf (other);
create index shelf_other_note_idx on public.shelf (other, note);
create index shelf_lower_idx on public.shelf (lower(note)) where weight > 0;
create unique index shelf_identity on public.shelf (code);
alter table public.shelf replica identity using index shelf_identity;

select results_eq(
  $$select index_name::text collate "default", may_go, because from ops.get_unused_indexes() where table_name = 'shelf' order by index_name$$,
  $$values
    ('shelf_code_key', false, 'It keeps rows unique.'), ('shelf_identity', false, 'It keeps rows unique.'),
    ('shelf_lower_idx', true, 'Nothing reads it.'), ('shelf_no_overlap', false, 'A constraint rests on it.'),
    ('shelf_other_idx', false, 'It alone serves a foreign key.'), ('shelf_other_note_idx', true, 'Nothing reads it.'),
    ('shelf_parent_idx', false, 'It alone serves a foreign key.'), ('shelf_pkey', false, 'It is the primary key.')$$,
  'P1 of two that could serve a foreign key one may go'
);
select results_eq(
  $$select is_expression, is_partial, is_unique, backs_constraint, is_replica_identity, scans, remedy
    from ops.get_unused_indexes() where index_name = 'shelf_lower_idx'$$,
  $$values (true, true, false, false, false, 0::bigint, 'drop index concurrently public.shelf_lower_idx;')$$,
  'P1 with what it is, and the SQL that drops it'
);
select results_eq(
  $$select is_replica_identity, is_unique, remedy from ops.get_unused_indexes() where index_name = 'shelf_identity'$$,
  $$values (true, true, null::text)$$, 'P1 and none for one that stays'
);
create table public.measures (at date not null, value integer) partition by range (at);
create table private.measures_1 partition of public.measures for values from ('2026-01-01') to ('2026-02-01');
create index measures_value_idx on public.measures (value);
select results_eq(
  $$select index_name::text collate "default", remedy from ops.get_unused_indexes() where table_name ~ '^measures'$$,
  $$values ('measures_value_idx', 'drop index public.measures_value_idx;')$$,
  'P1 an index of a partitioned table is one, and goes as one'
);

update ops.health_thresholds set warn = 36500 where check_name = 'unused_indexes' and measure = 'statistics_days';
select throws_like('select ops.check_unused_indexes()', 'Reads of indexes are counted for % days only.',
  'P1 young statistics do not tell');
select is(ops.run_health_check('unused_indexes') ->> 'status', 'skipped', 'P1 so the check is skipped, not ok');
update ops.health_thresholds set warn = 0 where check_name = 'unused_indexes';
select set_eq(
  $$select key from ops.check_unused_indexes() where key ~ 'shelf'$$,
  array['public.shelf_lower_idx', 'public.shelf_other_note_idx'],
  'P1 old enough, those that may go are found'
);
update ops.health_thresholds set warn = 1000000000000 where check_name = 'unused_indexes' and measure = 'size_bytes';
select is_empty('select * from ops.check_unused_indexes()', 'P1 small ones are left alone');

select * from finish();
rollback;
