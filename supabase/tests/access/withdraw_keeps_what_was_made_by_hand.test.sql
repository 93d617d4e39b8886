-- Withdrawing, and enrolling again, takes away what enrolling gave. A policy that somebody else made is not touched.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/notes.psql
select plan(2);

create policy by_hand on public.notes as restrictive for select to authenticated using (body <> 'house');
call private.enroll('public.notes', read => 'viewer');
call private.enroll('public.notes', read => 'viewer');
select is(tests.try_as('acme_viewer', 'select from public.notes'), '3', 'S1 enrolled again, it is in force');
call private.withdraw('public.notes');
select policies_are('public', 'notes', array['by_hand'], 'S1 withdrawn, it alone is left');

select * from finish();
rollback;
