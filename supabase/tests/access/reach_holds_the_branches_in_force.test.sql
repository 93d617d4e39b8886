-- The branches of somebody who is confined in two tenants, beside others who are: each once, and while the membership counts.
begin;
\ir ../helpers/cast.psql
select plan(5);

create function tests.branches_of(who text) returns text language sql
  return (
    select string_agg(b.name, ' ' order by b.name)
    from private.reach as r, unnest(r.branches) as i (id), public.branches as b
    where r.user_id = tests.user_id(who) and b.id = i.id
  );

do $$
begin
  perform tests.enter('south_and_main');
  perform tests.join('south_and_main', 'acme', 'member', 'acme_south');
  perform tests.join('south_and_main', 'globex', 'member', 'globex_main');
end
$$;
select is(tests.branches_of('south_and_main'), 'Main South', 'S5 a branch in each of the two tenants');
select is(tests.branches_of('acme_north'), 'North', 'S5 another one''s is their own');
update public.memberships set status = 'suspended'
  where user_id = tests.user_id('south_and_main') and tenant_id = tests.tenant_id('acme');
select is(tests.branches_of('south_and_main'), 'Main', 'C10 suspended in one tenant, they keep that of the other');
update public.memberships set status = 'active', is_confined = false
  where user_id = tests.user_id('south_and_main') and tenant_id = tests.tenant_id('acme');
select is(tests.branches_of('south_and_main'), 'Main', 'S5 no longer confined there, they are confined to none there');
update public.memberships set is_confined = true
  where user_id = tests.user_id('south_and_main') and tenant_id = tests.tenant_id('acme');
select is(tests.branches_of('south_and_main'), 'Main South', 'S5 confined again, to the same');

select * from finish();
rollback;
