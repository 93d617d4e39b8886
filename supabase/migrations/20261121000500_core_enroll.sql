-- Access as data: a migration declares who may do what with a table, and one audited procedure
-- stamps it. (S1, S2, S3, S5) private.enrollments keeps the declarations: the access matrix and the
-- tests read them. private.enroll may be called again with other arguments; private.withdraw undoes
-- it (rollbacks call it).

create table private.enrollments (
  relation text not null,
  tenant_column text not null,
  read_role text,
  write_role text,
  remove_role text,
  owner_column text,
  branch_column text,
  customer_column text,
  is_unconfined boolean not null,
  insert_columns text[] not null,
  update_columns text[] not null,
  is_audited boolean not null,
  constraint enrollments_pkey primary key (relation)
);
comment on table private.enrollments is
  'What private.enroll was told, one row a table: the expectation that the access tests hold the '
  'database to.';
comment on column private.enrollments.relation is 'Qualified name, such as public.messages.';
comment on column private.enrollments.is_unconfined is
  'Whether members confined to branches reach no row.';
comment on column private.enrollments.read_role is
  'Lowest role that reads all rows of its tenant. Null: nobody reads through the API.';

alter table private.enrollments enable row level security;
revoke all on private.enrollments from public, anon, authenticated, service_role;


create function private.check_enrollable(target regclass, tenant_column text, other_columns text[])
  returns void
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
declare
  v_column text;
  v_tenant smallint;
  v_fault text;
begin
  foreach v_column in array array[check_enrollable.tenant_column] || check_enrollable.other_columns loop
    if not exists (
      select from pg_catalog.pg_attribute as a
      where a.attrelid = check_enrollable.target and a.attname = v_column and a.attnum > 0 and not a.attisdropped
    ) then
      raise exception using
        errcode = 'undefined_column',
        message = format('%s has no column %I.', check_enrollable.target, v_column);
    end if;
  end loop;

  select a.attnum into v_tenant
  from pg_catalog.pg_attribute as a
  where a.attrelid = check_enrollable.target and a.attname = check_enrollable.tenant_column;

  select f.fault into v_fault
  from (
    select format('%I must be uuid not null', check_enrollable.tenant_column)
    from pg_catalog.pg_attribute as a
    where a.attrelid = check_enrollable.target
      and a.attnum = v_tenant
      and not (a.attnotnull and a.atttypid = 'pg_catalog.uuid'::pg_catalog.regtype)
    union all
    select format('it needs a primary key that begins with %I', check_enrollable.tenant_column)
    where not exists (
      select from pg_catalog.pg_constraint as c
      where c.conrelid = check_enrollable.target and c.contype = 'p' and c.conkey[1] = v_tenant
    )
    union all
    -- A key over all tenants tells one tenant what another one holds. The table of tenants itself
    -- has such keys by nature.
    select format(
      'unique index %s must begin with %I', i.indexrelid::pg_catalog.regclass, check_enrollable.tenant_column
    )
    from pg_catalog.pg_index as i
    where i.indrelid = check_enrollable.target
      and i.indisunique
      and i.indkey[0] <> v_tenant
      and check_enrollable.tenant_column <> 'id'
    union all
    -- A key without the tenant lets a row point at another tenant's row.
    select format('foreign key %I must begin with the tenant on both sides', c.conname)
    from pg_catalog.pg_constraint as c
    join pg_catalog.pg_attribute as a
      on a.attrelid = c.confrelid and a.attname = 'tenant_id'
    where c.conrelid = check_enrollable.target
      and not (c.conkey[1] = v_tenant and c.confkey[1] = a.attnum)
    union all
    select format('foreign key %I points at a tenant besides its own', c.conname)
    from pg_catalog.pg_constraint as c
    where c.conrelid = check_enrollable.target
      and c.confrelid = to_regclass('public.tenants')
      and c.conkey <> array[v_tenant]
  ) as f (fault)
  limit 1;

  if v_fault is not null then
    raise exception using
      errcode = 'invalid_table_definition',
      message = format('%s cannot be enrolled: %s.', check_enrollable.target, v_fault),
      hint = 'docs/adding-a-table.md shows the shape of a tenant table.';
  end if;
end
$$;
comment on function private.check_enrollable(regclass, text, text[]) is
  'Raises 42703 for an unknown column and 42P16 for a table whose keys would leak or cross '
  'tenants.';
revoke all on function private.check_enrollable(regclass, text, text[])
  from public, anon, authenticated, service_role;


create function private.relation_name(target text)
  returns text
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
declare
  v_name text;
begin
  select format('%I.%I', n.nspname, c.relname) into v_name
  from pg_catalog.pg_class as c
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  where c.oid = to_regclass(relation_name.target);
  if v_name is null then
    raise exception using
      errcode = 'undefined_table',
      message = format('There is no table %s.', coalesce(relation_name.target, 'null')),
      hint = 'Name it with its schema: public.notes.';
  end if;
  return v_name;
end
$$;
comment on function private.relation_name(text) is
  'The one spelling of a relation''s qualified name. Raises 42P01 when there is none.';
revoke all on function private.relation_name(text) from public, anon, authenticated, service_role;


create procedure private.withdraw(target text)
  language plpgsql
  security invoker
  set search_path = ''
as $$
declare
  v_relation constant text := private.relation_name(withdraw.target);
  v_table constant regclass := v_relation::regclass;
  v_name text;
begin
  delete from private.enrollments as e where e.relation = v_relation;
  if not found then
    raise exception using
      errcode = 'undefined_object',
      message = format('%s is not enrolled.', v_relation);
  end if;
  for v_name in
    select p.polname from pg_catalog.pg_policy as p
    where p.polrelid = v_table and p.polname in ('tenant_select', 'tenant_insert', 'tenant_update', 'tenant_delete')
  loop
    execute format('drop policy %I on %s', v_name, v_table);
  end loop;
  for v_name in
    select t.tgname from pg_catalog.pg_trigger as t
    where t.tgrelid = v_table and t.tgname in ('_100_refuse_move', '_200_touch', '_900_audit')
  loop
    execute format('drop trigger %I on %s', v_name, v_table);
  end loop;
  execute format('revoke all on %s from public, anon, authenticated, service_role', v_table);
end
$$;
comment on procedure private.withdraw(text) is
  'Takes away what private.enroll gave a table: policies, triggers, grants and the declaration. '
  'Row level security stays on, so the table is closed. Raises 42P01 and, for a table that is not '
  'enrolled, 42704.';
revoke all on procedure private.withdraw(text) from public, anon, authenticated, service_role;


create procedure private.enroll(
  target text,
  read text default null,
  write text default null,
  remove text default null,
  owner text default null,
  branch text default null,
  customer text default null,
  insertable text[] default null,
  changeable text[] default null,
  audit boolean default false,
  unconfined boolean default false,
  tenant text default 'tenant_id'
)
  language plpgsql
  security invoker
  set search_path = ''
as $$
declare
  v_relation constant text := private.relation_name(enroll.target);
  v_table constant regclass := v_relation::regclass;
  v_stamps constant text[] := array['created_at', 'updated_at', 'created_by'];
  v_fixed text[] := array_remove(array[enroll.tenant, 'id', enroll.owner, enroll.customer] || v_stamps, null);
  v_insertable text[];
  v_changeable text[];
  v_bad text[];
  v_keys text[];
  v_within text := '';
  v_mine text := quote_ident(enroll.owner) || ' = (select auth.uid())';
  v_holds constant text := '%I = any ((select r.%I from private.my_reach as r)::uuid[])';
  v_readers text;
  v_writers text;
  v_changers text;
begin
  perform private.role_rank(r) from unnest(array_remove(array[enroll.read, enroll.write, enroll.remove], null)) as r;
  if enroll.read is null and (enroll.write is not null or enroll.remove is not null) then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = format('%s: who may write or remove must be able to read.', v_relation),
      hint = 'Name the lowest role that reads.';
  end if;
  perform private.check_enrollable(
    v_table, enroll.tenant, array_remove(array[enroll.owner, enroll.branch, enroll.customer], null)
  );

  select
    coalesce(enroll.insertable, array_agg(a.attname::text order by a.attnum)
      filter (where a.attname <> all (array['id'] || v_stamps)), '{}'),
    coalesce(enroll.changeable, array_agg(a.attname::text order by a.attnum)
      filter (where a.attname <> all (v_fixed)), '{}'),
    array_agg(a.attname::text)
  into v_insertable, v_changeable, v_keys
  from pg_catalog.pg_attribute as a
  where a.attrelid = v_table and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity = '';
  if enroll.write is null then
    v_insertable := '{}';
    v_changeable := '{}';
  end if;

  select array_agg(c) into v_bad from unnest(v_insertable || v_changeable) as c where c <> all (v_keys);
  if v_bad is not null then
    raise exception using
      errcode = 'undefined_column',
      message = format('%s has no column %s that can be written.', v_relation, array_to_string(v_bad, ', '));
  end if;
  select array_agg(c) into v_bad from unnest(v_changeable) as c where c = any (v_fixed);
  if v_bad is not null then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = format('%s: %s can never be changeable.', v_relation, array_to_string(v_bad, ', ')),
      hint = 'The tenant, the id, the owner, the customer and the stamps of a row are fixed.';
  end if;

  if exists (select from private.enrollments as e where e.relation = v_relation) then
    call private.withdraw(v_relation);
  end if;
  execute format('alter table %s enable row level security', v_table);
  execute format('revoke all on %s from public, anon, authenticated, service_role', v_table);
  execute format('grant select, insert, update, delete on %s to service_role', v_table);

  -- The tenant term comes first and everything else is joined to it by "and": an "or" beside it
  -- would turn the index condition on the tenant into a filter over all tenants.
  if enroll.branch is not null then
    v_within := format(
      ' and (%1$I is null or %2$I = any ((select r.unconfined from private.my_reach as r)::uuid[])'
      ' or %1$I = any ((select r.branches from private.my_reach as r)::uuid[]))',
      enroll.branch, enroll.tenant
    );
  end if;
  if enroll.unconfined then
    v_within := v_within
      || format(' and %I = any ((select r.unconfined from private.my_reach as r)::uuid[])', enroll.tenant);
  end if;

  if enroll.read is not null then
    if enroll.customer is null then
      v_readers := format(v_holds, enroll.tenant, enroll.read) || v_within;
    else
      v_readers := format(v_holds, enroll.tenant, 'customer')
        || ' and (' || format(v_holds, enroll.tenant, enroll.read)
        || format(' or %I = (select auth.uid()))', enroll.customer) || v_within;
    end if;
    execute format('create policy tenant_select on %s for select to authenticated using (%s)', v_table, v_readers);
    execute format('grant select on %s to authenticated', v_table);
  end if;

  if enroll.write is not null then
    v_writers := format(v_holds, enroll.tenant, enroll.write)
      || case when enroll.owner is null then '' else ' and ' || v_mine end
      || v_within;
    -- An update that reads has the reading rule as well. Two conditions on the tenant, each with a
    -- list, let the planner expect a hundred index descents, so that it goes through all rows of
    -- the owner instead (measured: 4 times the cost of the update). "is true" leaves the second one
    -- a plain filter.
    v_changers := case when enroll.owner is null then v_writers
      else '(' || format(v_holds, enroll.tenant, enroll.write) || ') is true and ' || v_mine || v_within end;
    if v_insertable <> '{}' then
      execute format(
        'create policy tenant_insert on %s for insert to authenticated with check (%s)', v_table, v_writers
      );
      execute format('grant insert (%s) on %s to authenticated',
        (select string_agg(quote_ident(c), ', ') from unnest(v_insertable) as c), v_table);
    end if;
    -- The check of an update is the reading rule: the changed row must still be in the caller's
    -- reach (a branch may have changed; tenant and owner cannot). The server applies that same text
    -- to every update that reads, so it is free, where the writing rule again would cost a third
    -- and a fourth look at the memberships.
    if v_changeable <> '{}' then
      execute format('create policy tenant_update on %s for update to authenticated using (%s) with check (%s)',
        v_table, v_changers, v_readers);
      execute format('grant update (%s) on %s to authenticated',
        (select string_agg(quote_ident(c), ', ') from unnest(v_changeable) as c), v_table);
    end if;
  end if;

  -- Owners remove their own rows as long as they may write; others need the role named by remove.
  if enroll.remove is not null or (enroll.owner is not null and enroll.write is not null) then
    execute format('create policy tenant_delete on %s for delete to authenticated using (%s)', v_table,
      case
        when enroll.owner is null or enroll.write is null then format(v_holds, enroll.tenant, enroll.remove)
        when enroll.remove is null then format(v_holds, enroll.tenant, enroll.write) || ' and ' || v_mine
        else format(v_holds, enroll.tenant,
            case when private.role_rank(enroll.write) <= private.role_rank(enroll.remove)
              then enroll.write else enroll.remove end)
          || ' and (' || v_mine || ' or ' || format(v_holds, enroll.tenant, enroll.remove) || ')'
      end || v_within);
    execute format('grant delete on %s to authenticated', v_table);
  end if;

  execute format(
    'create trigger _100_refuse_move before update on %s for each row'
    ' when (old.%2$I is distinct from new.%2$I) execute function private.tg__refuse_move()',
    v_table, enroll.tenant
  );
  if 'updated_at' = any (v_keys) then
    execute format(
      'create trigger _200_touch before update on %s for each row execute function private.tg__touch()', v_table
    );
  end if;
  if enroll.audit then
    select array_agg(quote_literal(a.attname) order by k.place) into v_keys
    from pg_catalog.pg_constraint as c
    cross join lateral unnest(c.conkey) with ordinality as k (attnum, place)
    join pg_catalog.pg_attribute as a on a.attrelid = c.conrelid and a.attnum = k.attnum
    where c.conrelid = v_table and c.contype = 'p';
    execute format(
      'create trigger _900_audit after insert or update or delete on %s for each row'
      ' execute function private.tg__audit(%L, %s)',
      v_table, enroll.tenant, array_to_string(v_keys, ', ')
    );
  end if;

  insert into private.enrollments (
    relation, tenant_column, read_role, write_role, remove_role, owner_column, branch_column, customer_column,
    is_unconfined, insert_columns, update_columns, is_audited
  )
  values (
    v_relation, enroll.tenant, enroll.read, enroll.write, enroll.remove, enroll.owner, enroll.branch, enroll.customer,
    enroll.unconfined, v_insertable, v_changeable, enroll.audit
  );
end
$$;
comment on procedure private.enroll(text, text, text, text, text, text, text, text[], text[], boolean, boolean, text) is
  'Makes a table a tenant table: row level security, one policy a verb, column grants, guards, '
  'audit. '
  'target: qualified name. read, write, remove: lowest role that reads, inserts and updates, '
  'deletes; null for nobody. '
  'owner: column with the user who alone may insert, update and (besides remove) delete the row. '
  'branch: column that confines the row to members of that branch. customer: column with the '
  'customer who sees the row although below read. '
  'insertable, changeable: columns the API may set; by default all but ids and stamps. audit: '
  'every change reaches audit_log. unconfined: members confined to branches reach no row. '
  'tenant: the column that carries the tenant. Raises 42P01, 42703, 42P16 and 22023 for a table or '
  'argument that does not fit.';
revoke all on procedure private.enroll(text, text, text, text, text, text, text, text[], text[], boolean, boolean, text)
  from public, anon, authenticated, service_role;
