-- The schemas of the house and what is closed in them from the start.
-- public: what the API serves. private: mechanism (policies call it, nobody else). ops: operating
-- the database. Functions are executable by everyone as soon as they are created, which would let a
-- visitor call any of them; that default is taken away for all that follows. (S7)

create schema private;
comment on schema private is
  'Mechanism behind the API: access helpers, trigger functions, materialized views, partitions. '
  'Never exposed.';
revoke all on schema private from public;
grant usage on schema private to authenticated, service_role;

create schema ops;
comment on schema ops is
  'Operating the database: health, alerts, maintenance, schedules. For the service role, scheduled '
  'work and platform administrators; each function asks who calls, no table is granted to users.';
revoke all on schema ops from public;
grant usage on schema ops to service_role;

alter default privileges revoke execute on functions from public;

-- PostgreSQL looks for the name of a type in the caller's own temporary schema first, even under an
-- empty search_path: whoever can make a type there could have a function with its owner's rights
-- run code of theirs. The API roles make nothing, not even that; all others keep what they had.
-- (A copy made with `create database ... template` or a restore does not carry this: the right is
-- the database's.)
do $$
declare
  v_role text;
begin
  for v_role in
    select r.rolname from pg_roles as r
    where r.rolname !~ '^pg_' and r.rolname not in ('anon', 'authenticated', 'service_role')
  loop
    execute format('grant temporary on database %I to %I', current_database(), v_role);
  end loop;
  execute format('revoke temporary on database %I from public', current_database());
end
$$;
