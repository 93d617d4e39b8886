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
  'Operating the database: schedules, refreshes, maintenance. For the service role and scheduled '
  'work. Never exposed.';
revoke all on schema ops from public;
grant usage on schema ops to service_role;

alter default privileges revoke execute on functions from public;
