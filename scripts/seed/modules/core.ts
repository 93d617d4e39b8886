import { spread } from "../scale.ts";
import type { SeedModule } from "../seed-module.ts";

/** Tenants of very different sizes, each with an owner, a member and a viewer. */
export const core: SeedModule = {
  name: "core",
  tables: ({ tenants }) => [["public.tenants", tenants], ["public.memberships", tenants * 3]],
  load: async ({ sql, scale, step }) => {
    step(`${scale.tenants} tenants`);
    const { seed, until } = scale;
    const totals = [scale.workflows, scale.messages, scale.events, scale.metrics, scale.articles];
    // Ids of version 7, made from the seed and not by chance, and numbers between 0 and 1 likewise.
    await sql.unsafe(`
      create function pg_temp.seed_id(kind text, n bigint, at timestamptz) returns uuid
        language sql stable
        return (
          lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0')
          || overlay(overlay(md5('${seed} ' || kind || ' ' || n) placing '7' from 1) placing '8' from 5 for 1)
        )::varchar(32)::uuid;
      create function pg_temp.seed_dice(kind integer, n bigint) returns double precision
        language sql immutable
        return (hashint8extended(n, ${seed} * 1000 + kind) & 4294967295) / 4294967296.0::double precision;
      create function pg_temp.seed_until() returns timestamptz
        language sql stable
        return timestamptz '${until} 00:00:00+00';
      -- Words that articles, messages and tasks are made of.
      create function pg_temp.seed_text(kind integer, n bigint, words integer) returns text
        language sql stable
        begin atomic;
          select string_agg(('{build,deploy,test,review,queue,agent,service,token,cache,index,plan,branch,error,retry,
            release,report,schema,tenant,member,backup,restore,import,export,metric,alert,health,worker,budget,customer,
            invoice,the,of,and,to,with,after,before,while,without,every}'::text[])[
            1 + floor(power(pg_temp.seed_dice(kind, n * 1000 + i), 1.5) * 40)::integer], ' ' order by i)
          from generate_series(1, words) as i;
        end;
    `);
    await sql.unsafe(`
      create temp table seed_tenants on commit drop as
      select u.n::integer as n, pg_temp.seed_id('tenant', u.n, pg_temp.seed_until() - interval '100 days') as id,
        u.workflows, u.messages, u.events, u.metrics, u.articles
      from unnest($1::integer[], $2::integer[], $3::integer[], $4::integer[], $5::integer[])
        with ordinality as u (workflows, messages, events, metrics, articles, n)
    `, totals.map((total) => spread(total, scale.tenants)));
    await sql.unsafe(`
      create unique index on seed_tenants (n);
      create temp table seed_users on commit drop as
      select t.n as tenant, u.place, t.id as tenant_id,
        pg_temp.seed_id('user', t.n * 10 + u.place, pg_temp.seed_until() - interval '100 days') as id
      from seed_tenants as t cross join generate_series(0, 2) as u (place);
      create unique index on seed_users (tenant, place);
      analyze seed_tenants, seed_users;
      insert into auth.users (id, email, aud, role, email_confirmed_at, created_at, updated_at)
      select u.id, 'seed-${seed}-' || u.tenant || '-' || u.place || '@example.test', 'authenticated', 'authenticated',
        pg_temp.seed_until() - interval '100 days', pg_temp.seed_until() - interval '100 days', pg_temp.seed_until()
      from seed_users as u;
      with made as (
        insert into public.tenants (id, name, slug)
        select t.id, 'Tenant ' || t.n, 'seed-${seed}-' || t.n from seed_tenants as t
        returning id
      )
      insert into public.memberships (tenant_id, id, user_id, role)
      select made.id, pg_temp.seed_id('membership', u.tenant * 10 + u.place, pg_temp.seed_until()), u.id,
        ('{owner,member,viewer}'::text[])[1 + u.place]
      from made join seed_users as u on u.tenant_id = made.id;
    `);
  },
  checks: [],
};
