do $$
declare
  v_role text;
begin
  execute format('grant temporary on database %I to public', current_database());
  for v_role in
    select r.rolname from pg_database as d
    cross join lateral aclexplode(d.datacl) as g
    join pg_roles as r on r.oid = g.grantee and r.oid <> d.datdba
    where d.datname = current_database() and g.privilege_type = 'TEMPORARY'
  loop
    execute format('revoke temporary on database %I from %I', current_database(), v_role);
  end loop;
end
$$;

alter default privileges grant execute on functions to public;

drop schema ops;
drop schema private;
