-- private.require_role: the rank of the caller in this tenant, and nobody below the role that is asked for.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/notes.psql
select plan(13);

create function tests.rank_of(who text, lowest_role text) returns text language plpgsql as $$
begin
  perform set_config('request.jwt.claims', tests.claims(who)::text, true);
  return private.require_role(tests.tenant_id('acme'), lowest_role);
exception
  when insufficient_privilege then
    return sqlstate;
end
$$;

select is(tests.rank_of(who, 'customer'), rank::text, format('S1 the rank of a %s', role)) from tests.ranks;
select is(
  (select string_agg(tests.rank_of(r.who, lowest.role), ' ' order by r.rank) from tests.ranks as r),
  (select string_agg(case when r.rank >= lowest.rank then r.rank::text else '42501' end, ' ' order by r.rank) from tests.ranks as r),
  format('S1 from %s on', lowest.role)
)
from tests.ranks as lowest;
select is(tests.rank_of('platform_admin', 'owner'), '6', 'C7 a platform administrator ranks as an owner');

select * from finish();
rollback;
