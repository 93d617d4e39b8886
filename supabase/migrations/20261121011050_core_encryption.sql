-- Encryption of what must not be read in a table, a backup of it or a replica. (S9)
-- The keys are secrets of Vault, rowhouse_encryption_key_1 and so on, and nowhere in our tables. A
-- value is encrypted with AES-256 in CBC mode and then authenticated with HMAC-SHA-256, over the
-- ciphertext and over what the value belongs to: a value copied to another row does not open.
-- pgp_sym_encrypt of pgcrypto would do neither: its checksum has no key, and it knows no context. It
-- also derives its key anew, slowly, each time, which helps against weak passwords only.
-- The keys outlive a rollback: a backup may need them.

create function private.encryption_key(key_id integer)
  returns bytea
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
declare
  v_key text;
begin
  if to_regclass('vault.decrypted_secrets') is null then
    raise exception using
      errcode = 'feature_not_supported',
      message = 'Vault is not installed.',
      hint = 'Nothing can be encrypted without: create extension supabase_vault.';
  end if;
  select s.decrypted_secret into v_key
  from vault.decrypted_secrets as s
  where s.name = 'rowhouse_encryption_key_' || encryption_key.key_id;
  if v_key is null or v_key !~ '^[0-9a-f]{64}$' then
    raise exception using
      errcode = 'feature_not_supported',
      message = format('Vault holds no usable rowhouse_encryption_key_%s.', encryption_key.key_id),
      hint = 'Bring it back from where the keys are kept; ops.add_encryption_key() makes a new one, which opens '
        'nothing that an older one has closed.';
  end if;
  return decode(v_key, 'hex');
end
$$;
comment on function private.encryption_key(integer) is
  'A key of 32 bytes from Vault. Raises 0A000 without Vault or the key.';
revoke all on function private.encryption_key(integer) from public, anon, authenticated, service_role;


create function private.newest_encryption_key()
  returns integer
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  if to_regclass('vault.secrets') is null then
    return 0;
  end if;
  return (
    select coalesce(max(substring(s.name from '^rowhouse_encryption_key_([1-9][0-9]{0,8})$')::integer), 0)
    from vault.secrets as s
  );
end
$$;
comment on function private.newest_encryption_key() is
  'The number of the key with which is encrypted now. 0: there is none.';
revoke all on function private.newest_encryption_key() from public, anon, authenticated, service_role;


create function private.seal(plain text, key_id integer, context text)
  returns bytea
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_key constant bytea := private.encryption_key(seal.key_id);
  v_iv constant bytea := extensions.gen_random_bytes(16);
  v_sealed bytea;
begin
  -- One key for each of the two: HKDF with its second step alone, because the key is random already.
  v_sealed := v_iv || extensions.encrypt_iv(
    convert_to(seal.plain, 'utf8'), extensions.hmac('encrypt', v_key, 'sha256'), v_iv, 'aes-cbc/pad:pkcs'
  );
  return v_sealed || extensions.hmac(
    v_sealed || convert_to(seal.context, 'utf8'), extensions.hmac('authenticate', v_key, 'sha256'), 'sha256'
  );
end
$$;
comment on function private.seal(text, integer, text) is
  'A text encrypted and authenticated with a key: 16 bytes of initialization vector, the ciphertext, '
  '32 bytes over both and the context. context: what the text belongs to, needed to open it. Raises '
  '0A000 without the key.';
revoke all on function private.seal(text, integer, text) from public, anon, authenticated, service_role;


create function private.unseal(sealed bytea, key_id integer, context text)
  returns text
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
declare
  v_key constant bytea := private.encryption_key(unseal.key_id);
  v_length constant integer := octet_length(unseal.sealed) - 32;
  v_body constant bytea := substring(unseal.sealed for greatest(v_length, 0));
begin
  -- Authenticated before anything is decrypted: nobody learns from errors of the padding.
  if v_length < 32 or substring(unseal.sealed from greatest(v_length, 0) + 1) <> extensions.hmac(
    v_body || convert_to(unseal.context, 'utf8'), extensions.hmac('authenticate', v_key, 'sha256'), 'sha256'
  ) then
    raise exception using
      errcode = 'data_corrupted',
      message = 'The encrypted value has been changed, or belongs to something else.';
  end if;
  return convert_from(
    extensions.decrypt_iv(
      substring(v_body from 17),
      extensions.hmac('encrypt', v_key, 'sha256'),
      substring(v_body for 16),
      'aes-cbc/pad:pkcs'
    ),
    'utf8'
  );
end
$$;
comment on function private.unseal(bytea, integer, text) is
  'The text that private.seal closed with this key and context. Raises XX001 when it was changed or '
  'belongs to another context, 0A000 without the key.';
revoke all on function private.unseal(bytea, integer, text) from public, anon, authenticated, service_role;


create function ops.add_encryption_key()
  returns integer
  language plpgsql
  volatile
  security definer -- nobody else writes secrets of Vault
  set search_path = ''
as $$
declare
  v_id integer;
begin
  perform private.require_operator();
  if to_regclass('vault.secrets') is null then
    raise exception using
      errcode = 'feature_not_supported',
      message = 'Vault is not installed.',
      hint = 'Nothing can be encrypted without: create extension supabase_vault.';
  end if;
  -- Two at once would both make the same number.
  perform pg_advisory_xact_lock(hashtextextended('rowhouse encryption key', 0));
  v_id := private.newest_encryption_key() + 1;
  perform vault.create_secret(
    encode(extensions.gen_random_bytes(32), 'hex'),
    'rowhouse_encryption_key_' || v_id,
    'Encrypts credentials. Without it they cannot be read: keep it elsewhere as well.'
  );
  return v_id;
end
$$;
comment on function ops.add_encryption_key() is
  'Makes a new random key in Vault and returns its number: from now on it encrypts. What older keys '
  'have closed still opens with those, until it is encrypted again (ops.reencrypt_credentials). '
  'Raises 42501 unless the service role or a platform administrator asks, 0A000 without Vault.';
revoke all on function ops.add_encryption_key() from public, anon, authenticated, service_role;
grant execute on function ops.add_encryption_key() to authenticated, service_role;

do $$
begin
  -- Where Vault comes later, the first key is made by hand. Where a rollback left one, it is used again.
  if to_regclass('vault.secrets') is not null and private.newest_encryption_key() = 0 then
    perform ops.add_encryption_key();
  end if;
end
$$;
