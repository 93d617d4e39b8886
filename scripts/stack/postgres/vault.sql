-- Vault, as migrations see it; the extension exists on Supabase only. Run once in a cluster, after
-- bootstrap.sql, or later where the cluster is older than this file. The real one encrypts with a
-- key that lies outside the database, this stand-in keeps the secrets as they are: what is in a
-- local stack is worth no more than the folder it lies in. The schema belongs to postgres, so that
-- a test can take it away; its table does not, so postgres may do with it what it may on hosted.
create schema vault authorization postgres;
create table vault.secrets (
  id uuid primary key default gen_random_uuid(),
  name text,
  description text not null default '',
  secret text not null,
  key_id uuid,
  nonce bytea,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index secrets_name_idx on vault.secrets (name) where name is not null;
create view vault.decrypted_secrets as
select id, name, description, secret, secret as decrypted_secret, key_id, nonce, created_at, updated_at
from vault.secrets;
create function vault.create_secret(
  new_secret text,
  new_name text default null,
  new_description text default '',
  new_key_id uuid default null
)
returns uuid
language sql
security definer
set search_path = ''
as $$
  insert into vault.secrets (secret, name, description) values (new_secret, new_name, new_description) returning id
$$;
revoke all on function vault.create_secret(text, text, text, uuid) from public;
grant execute on function vault.create_secret(text, text, text, uuid) to postgres with grant option;
grant select, delete on vault.secrets, vault.decrypted_secrets to postgres with grant option;
