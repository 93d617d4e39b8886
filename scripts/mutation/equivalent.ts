const SPARES_WORK_OWNER =
  "The condition only spares work: private.require_an_owner looks at the tenant itself, and every active tenant has an owner already.";
const SPARES_WORK_REACH = "The condition only spares work: private.sync_reach computes the same row again.";
const NO_RIGHT_TO_CHANGE =
  "Users may change full_name and avatar_url only, so the changed row is their own, and active, whenever the row they changed was.";

/**
 * Mutants that change nothing anybody could notice, each with the reason. A name that no mutant has, and
 * a mutant that a test notices after all, fail the run.
 */
export const EQUIVALENT: Readonly<Record<string, string>> = {
  "policy public.users update_self: with check -> true": NO_RIGHT_TO_CHANGE,
  'policy public.users update_self: with check "id = ( SELECT auth.uid() AS uid)" -> true': NO_RIGHT_TO_CHANGE,
  'policy public.users update_self: with check "is_active" -> true': NO_RIGHT_TO_CHANGE,
  'function public.accept_invitation: "k.tenant_id = i.tenant_id" -> true':
    "The hash of a token is unique, and the tenant of that token was read before: the query asks for it by itself.",
  "trigger _300_keep_an_owner on public.memberships: condition left out": SPARES_WORK_OWNER,
  "trigger _300_keep_an_owner on public.memberships: \"old.role = 'owner'::text\" -> true": SPARES_WORK_OWNER,
  "trigger _300_keep_an_owner on public.memberships: \"old.status = 'active'::text\" -> true": SPARES_WORK_OWNER,
  "trigger _300_keep_an_owner on public.tenants: condition left out": SPARES_WORK_OWNER,
  "trigger _300_keep_an_owner on public.tenants: \"new.status = 'active'::text\" -> true": SPARES_WORK_OWNER,
  "trigger _300_keep_an_owner on public.tenants: \"old.status <> 'active'::text\" -> true": SPARES_WORK_OWNER,
  "trigger _300_keep_an_owner on public.users: condition left out": SPARES_WORK_OWNER,
  'trigger _300_keep_an_owner on public.users: "old.is_active" -> true': SPARES_WORK_OWNER,
  'trigger _300_keep_an_owner on public.users: "NOT new.is_active" -> true': SPARES_WORK_OWNER,
  "trigger _400_sync_reach on public.tenants: condition left out": SPARES_WORK_REACH,
  "trigger _400_sync_reach on public.users: condition left out": SPARES_WORK_REACH,
  "trigger _120_refuse_truncate on public.audit_log: dropped":
    "TRUNCATE of the parent fires the same trigger on each of its partitions, of which there is always one.",
};
