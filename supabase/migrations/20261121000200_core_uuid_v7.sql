-- Row ids: uuid version 7, so that new rows land side by side in their indexes.
-- PostgreSQL 15 and 17 have no built-in generator. PL/pgSQL and not SQL: a SQL body with a fixed
-- search_path is planned anew at every call. Never for tokens: such an id shows when it was made.

create function private.uuid_v7()
  returns uuid
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_microseconds bigint := (extract(epoch from clock_timestamp()) * 1000000)::bigint;
  -- Bits 48 to 51 hold the version (7), the next twelve the part of the millisecond in 1/4096.
  v_version_and_fraction integer := 28672 + (v_microseconds % 1000) * 4096 / 1000;
begin
  return encode(
    substring(int8send(v_microseconds / 1000) from 3)
      || int2send(v_version_and_fraction::smallint)
      || substring(uuid_send(gen_random_uuid()) from 9),
    'hex'
  )::uuid;
end
$$;
comment on function private.uuid_v7() is
  'A new uuid version 7 (RFC 9562, section 6.2 method 3: twelve bits of sub-millisecond time). Ids '
  'made one after another sort that way.';
revoke all on function private.uuid_v7() from public, anon, authenticated, service_role;
grant execute on function private.uuid_v7() to authenticated, service_role;
