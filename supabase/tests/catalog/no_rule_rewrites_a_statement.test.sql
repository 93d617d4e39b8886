-- What a rewrite rule does is done with the rights of the table's owner, past every policy. A view has one, its own.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(2);

select cmp_ok(
  (select count(*) from pg_rewrite as r join tests.relations as t on t.oid = r.ev_class where r.rulename = '_RETURN'),
  '>', 4::bigint, 'S2 the rules of views are seen'
);
select is_empty(
  $$select t.name, r.rulename from pg_rewrite as r join tests.relations as t on t.oid = r.ev_class
    where r.rulename <> '_RETURN'$$,
  'S2 there is no other rule'
);

select * from finish();
rollback;
