drop function private.uuid_v7();
