-- One statement: while the setting names a function that is gone, every request fails.
do $$
begin
  if exists (
    select
    from pg_db_role_setting as s
    join pg_database as d on d.oid = s.setdatabase and d.datname = current_database()
    join pg_roles as r on r.oid = s.setrole and r.rolname = 'authenticator'
    where 'pgrst.db_pre_request=private.check_request' = any (s.setconfig)
  ) then
    execute format('alter role authenticator in database %I reset pgrst.db_pre_request', current_database());
    perform pg_notify('pgrst', 'reload config');
  end if;
  drop function private.check_request();
end
$$;
