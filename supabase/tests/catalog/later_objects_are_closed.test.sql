-- Default privileges grant what is made tomorrow. In private and ops they give the API roles nothing, and nowhere do
-- they let PUBLIC execute a function. What they give in public, Supabase's old ones and its new ones, private.enroll
-- takes back.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(4);

create table private.later (x integer);
create table ops.later (x integer);
create view private.later_view as select x from private.later;
create sequence ops.later_seq;
create function private.later() returns integer language sql return 1;
create function ops.later() returns integer language sql return 1;
create function public.later() returns integer language sql return 1;

select is(
  (select count(*) from tests.relations where name ~ '^(private|ops)\.later'), 4::bigint,
  'S2 there are later objects to look at'
);
select is_empty(
  $$select name, grantee, privilege from tests.grants where name ~ '^(private|ops)\.later' and grantee <> 'postgres'$$,
  'S2 what is made later in private and ops is granted to nobody'
);
select is_empty(
  $$select name, grantee from tests.grants where name ~ '\.later\(' and grantee = 'public'$$,
  'S7 a later function is executable by PUBLIC in no schema'
);
select is_empty(
  $$select d.defaclrole::regrole, d.defaclobjtype, g.grantee::regrole
    from pg_default_acl as d cross join lateral aclexplode(d.defaclacl) as g
    where d.defaclrole = (select oid from pg_roles where rolname = 'postgres')
      and (d.defaclnamespace = 0 or d.defaclnamespace in ('private'::regnamespace, 'ops'::regnamespace))
      and (g.grantee = 0 or g.grantee::regrole::text in ('anon', 'authenticated', 'service_role'))$$,
  'S2 no default privilege of postgres outside public names an API role'
);

select * from finish();
rollback;
