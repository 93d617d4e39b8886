-- Each check and each foreign key, of every table, is met by a row that it refuses: found by trying, from a row that is right.
-- Those that must be there are listed, so that one that is dropped is missed.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/matrix.psql
\ir ../helpers/matrix/constraints.psql
select plan(
  (select count(*)::integer from (
    select c.object, c.name from tests.constraints as c
    union select k.object, unnest(k.names) from tests.kept_constraints as k where tests.is_wanted(k.object)
  ) as each)
);

select tests.constraint_cells();
select is(c.got, c.expected, format('S3, C9: %s of %s', c.position, c.object)) from tests.cells as c order by c.id;

select * from finish();
rollback;
