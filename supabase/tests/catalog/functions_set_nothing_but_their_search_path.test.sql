-- A setting on a function or in its body changes the session under everything it calls: the role, the claims, whether
-- triggers fire. A leakproof function is shown rows before the policies are asked.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(4);

-- The job queue's plans are made while its tables may be empty, and used while they are not: a sequential scan, then the
-- cheapest, would read the whole backlog (jobs/claim_never_reads_the_queue_as_a_whole). And planning such a statement anew
-- takes longer than running it. No setting changes what a statement may do.
create temp table planned (function text, setting text, primary key (function, setting));
insert into planned
select f, s
from unnest(array[
  'private.find_leased_jobs(lease_id uuid, job_ids uuid[])',
  'private.end_jobs(places tid[], status text, error text, results jsonb)',
  'private.list_tenants_with_jobs(queue text, after_tenant uuid, up_to_tenant uuid, at_most integer)',
  'public.requeue_expired_jobs(queue text, at_most integer)',
  'public.claim_jobs(queue text, worker text, batch integer, lease interval, is_listening boolean)'
]) as f
cross join unnest(array['enable_seqscan=off', 'plan_cache_mode=force_generic_plan']) as s;
-- Where jobs are found in an order, nothing but the index in that order may give it.
insert into planned
select f, s
from unnest(array[
  'private.list_tenants_with_jobs(queue text, after_tenant uuid, up_to_tenant uuid, at_most integer)',
  'public.claim_jobs(queue text, worker text, batch integer, lease interval, is_listening boolean)'
]) as f
cross join unnest(array['enable_sort=off', 'enable_incremental_sort=off', 'jit=off']) as s;
insert into planned
values ('private.cancel_job(tenant_id uuid, job_id uuid, requested_by uuid, is_queued_only boolean)', 'enable_seqscan=off');
-- These read leases and arrays only, which are few at any time.
insert into planned
select f, 'plan_cache_mode=force_generic_plan'
from unnest(array[
  'private.leave_lease(lease_id uuid, gone uuid[])',
  'private.share_jobs(queue text, tenant_ids uuid[], share integer, default_limit integer)'
]) as f;
-- This one reads a page by key, which a plan for a tenant of average size would not
-- (orchestration/knowledge_search_uses_its_index).
insert into planned
select f.name, 'plan_cache_mode=force_custom_plan' from tests.functions as f where f.proname = 'search_knowledge';
grant select on planned to public;

select is_empty(
  $$select name, setting from tests.functions cross join unnest(proconfig) as setting
    where setting !~ '^search_path='
      -- What looks after the database bounds its own waiting.
      and not (schema = 'ops' and setting ~ '^lock_timeout=')
      and (name, setting) not in (select l.function, l.setting from planned as l)$$,
  'S7 no function comes with any other setting'
);
select is_empty(
  $$select l.function, l.setting from planned as l
    where not exists (select from tests.functions as f where f.name = l.function and l.setting = any (f.proconfig))$$,
  'T6 and those that the plans of the job queue need are there'
);
select is_empty(
  $$select name from tests.functions
    where regexp_replace(regexp_replace(tests.without_planning(prosrc), '--[^\n]*', '', 'g'), '/\*.*?\*/', '', 'g')
      ~* '\mset_config\M|(;|\m(begin|then|else|loop)\M)\s*(set|reset)\M'$$,
  'S7 no function changes a setting in its body, but for how a request is planned'
);
select is_empty(
  $$select f.name from tests.functions as f join pg_proc as p on p.oid = f.oid where p.proleakproof$$,
  'S7 no function of ours is leakproof'
);

select * from finish();
rollback;
