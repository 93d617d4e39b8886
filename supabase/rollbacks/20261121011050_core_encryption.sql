-- The keys stay in Vault: a backup may need them.
drop function ops.add_encryption_key();
drop function private.unseal(bytea, integer, text);
drop function private.seal(text, integer, text);
drop function private.newest_encryption_key();
drop function private.encryption_key(integer);
