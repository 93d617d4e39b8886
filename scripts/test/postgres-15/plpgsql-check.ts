import { z } from "zod";
import { withSql } from "../with-sql.ts";
import type { ProveResult } from "./prove.ts";

const findingShape = z.object({
  routine: z.string(),
  relation: z.string().nullable(),
  line: z.number().nullable(),
  level: z.string().nullable(),
  text: z.string(),
});

/** What plpgsql_check says about a function; a level of null when it has nothing to say. */
type Finding = z.infer<typeof findingShape>;

/** What it may say, and why that is no fault: of this function, at this level, with this text. */
const ACCEPTED: readonly { routine: string; level: string; text: RegExp; because: string }[] = [
  {
    routine: "ops.run_schedule(",
    level: "security",
    text: /format\('%s', v_schedule\.target\)/,
    because: "a schedule is a statement, written by migrations alone; nobody else may insert or change one",
  },
  {
    routine: "ops.invoke_function(",
    level: "performance",
    text: /routine is marked as VOLATILE, should be STABLE/,
    because: "it queues a request with dynamic SQL, which is not looked into",
  },
  {
    routine: "ops.get_database_counters(",
    level: "error",
    text: /relation "pg_catalog\.pg_stat_checkpointer" does not exist/,
    because: "the branch for PostgreSQL 17, taken only where that view is",
  },
  {
    routine: "ops.drop_old_partitions(",
    level: "performance",
    text: /routine is marked as VOLATILE, should be STABLE/,
    because: "it drops tables with dynamic SQL, which is not looked into",
  },
  {
    routine: "ops.tune_partitions(",
    level: "performance",
    text: /routine is marked as VOLATILE, should be STABLE/,
    because: "it alters tables with dynamic SQL, which is not looked into",
  },
  {
    routine: "ops.read_statements(",
    level: "warning extra",
    text: /OUT variable "\w+" is maybe unmodified/,
    because: "its rows come from dynamic SQL, which is not looked into",
  },
  {
    routine: "ops.measure_table(",
    level: "warning extra",
    text: /OUT variable "\w+" is maybe unmodified/,
    because: "its row comes from dynamic SQL, which is not looked into",
  },
  {
    routine: "ops.measure_table(",
    level: "performance",
    text: /routine is marked as VOLATILE, should be STABLE/,
    because: "it calls pgstattuple by dynamic SQL, which is not looked into",
  },
  {
    routine: "ops.prove_index(",
    level: "performance",
    text: /routine is marked as VOLATILE, should be STABLE/,
    because: "it makes a hypothetical index by dynamic SQL, which is not looked into",
  },
  {
    routine: "ops.get_http_answers(",
    level: "warning extra",
    text: /OUT variable "\w+" is maybe unmodified/,
    because: "its rows come from dynamic SQL, which is not looked into",
  },
  {
    routine: "private.find_task_circle(",
    level: "performance",
    text: /routine is marked as VOLATILE, should be STABLE/,
    because: "it has to see what was committed after its caller's statement began",
  },
  {
    routine: "private.tg_tasks__check_parents(",
    level: "error",
    text: /relation "before_change" does not exist|record "v_moved" is not assigned yet/,
    because: "triggers of inserts and of updates share it; the branch is taken where that table is",
  },
  {
    routine: "private.tg_tasks__check_parents(",
    level: "warning extra",
    text: /never read variable "v_moved"/,
    because: "it is read in the branch of updates",
  },
  {
    routine: "private.enroll(",
    level: "security",
    text: /format\(\s*'create policy tenant_\w+ on %s for \w+ to authenticated /,
    because: "the conditions are assembled in the same procedure, from names quoted by %I; only postgres calls it",
  },
  {
    routine: "private.publish_materialized_view(",
    level: "security",
    text: /format\(\s*'create view %s with \(security_\w+ = true/,
    because: "its parts are columns and names quoted by %I in the same procedure; only postgres calls it",
  },
  {
    routine: "ops.add_partitions(",
    level: "performance",
    text: /routine is marked as VOLATILE, should be STABLE/,
    because: "it creates tables with dynamic SQL, which is not looked into",
  },
  {
    routine: "ops.is_cron(",
    level: "warning",
    text: /cast "text" value to "integer\[\]" type/,
    because: "constants: the limits of each field",
  },
  {
    routine: "private.all_tenants(",
    level: "warning",
    text: /cast "text" value to "uuid\[\]" type/,
    because: "a constant: no tenant",
  },
  {
    routine: "private.cron_number(",
    level: "warning",
    text: /cast "text" value to "integer" type/,
    because: "digits that were matched before",
  },
  {
    routine: "private.cron_field(",
    level: "warning",
    text: /cast "text" value to "integer(\[\])?" type/,
    because: "an empty list, and digits that were matched before",
  },
  {
    routine: "private.search_ids(",
    level: "security",
    text: /search_ids\.relation, search_ids\.filtered_column, search_ids\.filtered_type/,
    because: "a table and a type of the catalogue and a quoted name, each named by a function of the house",
  },
  {
    routine: "public.enqueue_jobs(",
    level: "warning",
    text: /cast "text" value to "text\[\]" type/,
    because: "a constant: the fields of a job",
  },
  {
    routine: "public.enqueue_jobs(",
    level: "performance",
    text: /cast "numeric" value to "bigint" type/,
    because: "one number a call: milliseconds of the clock",
  },
  {
    routine: "private.share_jobs(",
    level: "performance",
    text: /cast "bigint\[\]" value to "integer\[\]" type/,
    because: "one list a claim; each is at most the share",
  },
  {
    routine: "public.claim_jobs(",
    level: "warning",
    text: /cast "text" value to "uuid(\[\])?" type/,
    because: "constants: the lowest and the highest id, and no tenant",
  },
  {
    routine: "private.require_test_flow(",
    level: "performance",
    text: /cast "bigint" value to "integer" type/,
    because: "one count a call; a flow has at most a thousand steps",
  },
  {
    routine: "private.require_step_list(",
    level: "warning",
    text: /cast "text" value to "text\[\]" type/,
    because: "a constant: the keys of a step",
  },
  {
    routine: "private.next_cron_minute(",
    level: "performance",
    text: /cast "numeric" value to "integer" type/,
    because: "a few parts of a date a call",
  },
  {
    routine: "private.zone_offset(",
    level: "performance",
    text: /routine is marked as STABLE, should be IMMUTABLE/,
    because: "the rules of a zone change with the server's time zone data",
  },
  {
    routine: "private.next_schedule_time(",
    level: "performance",
    text: /cast "numeric" value to "double precision" type/,
    because: "one number a call: the seconds of an interval",
  },
  {
    routine: "private.role_rank(",
    level: "performance",
    text: /cast "integer" value to "smallint" type/,
    because: "one number a call; ranks are small",
  },
  {
    routine: "private.require_role(",
    level: "performance",
    text: /cast "integer" value to "smallint" type/,
    because: "one number a call; ranks are small",
  },
  {
    routine: "private.uuid_v7(",
    level: "performance",
    text: /cast "bigint" value to "integer" type/,
    because: "twelve bits taken from a time, which fit",
  },
  {
    routine: "private.withdraw(",
    level: "performance",
    text: /cast "name" value to "text" type/,
    because: "names from the catalogue, while a migration runs",
  },
];

const BEGIN = "begin; create extension plpgsql_check with schema extensions; set local search_path = ''";

// A trigger function is checked for each table it is attached to, with the rows that it sees there.
const CHECK = `
  select p.oid::regprocedure::text as routine, nullif(a.relation, 0)::regclass::text as relation, f.lineno as line,
    f.level,
    concat_ws(' ', f.message, f.detail, f.query, f.context) as text
  from pg_catalog.pg_proc as p
  join pg_catalog.pg_namespace as n on n.oid = p.pronamespace and n.nspname in ('public', 'private', 'ops')
  join pg_catalog.pg_language as l on l.oid = p.prolang and l.lanname = 'plpgsql'
  cross join lateral (
    select distinct t.tgrelid as relation, t.tgoldtable as old_table, t.tgnewtable as new_table
    from pg_catalog.pg_trigger as t
    where t.tgfoid = p.oid and t.tgparentid = 0
    union all
    select 0, null, null
    where not exists (select from pg_catalog.pg_trigger as t where t.tgfoid = p.oid)
  ) as a
  left join lateral extensions.plpgsql_check_function_tb(
    p.oid, a.relation, fatal_errors => false, other_warnings => true, extra_warnings => true,
    performance_warnings => true, security_warnings => true, oldtable => a.old_table, newtable => a.new_table
  ) as f on true`;

const PLANT = `
  create function private.planted_error() returns void language plpgsql set search_path = ''
    as 'begin perform 1 from private.no_such_table; end';
  create function private.planted_injection(name text) returns void language plpgsql set search_path = ''
    as 'begin execute ''drop table '' || name; end';
  create function private.planted_trigger() returns trigger language plpgsql set search_path = ''
    as 'begin new.no_such_column := 1; return new; end';
  create trigger planted before insert on public.tenants for each row execute function private.planted_trigger()`;

const PLANTED: readonly Pick<Finding, "routine" | "relation" | "level">[] = [
  { routine: "private.planted_error()", relation: null, level: "error" },
  { routine: "private.planted_injection(text)", relation: null, level: "security" },
  { routine: "private.planted_trigger()", relation: "public.tenants", level: "error" },
];

/**
 * Checks every PL/pgSQL function of ours with plpgsql_check, and that it reports faults planted for
 * the purpose. All of it is rolled back.
 *
 * @param adminUrl - the database with the migrations, as superuser
 * @returns a test for each function and for each planted fault, and what was found that is not accepted
 * @throws Error when the extension cannot be created or cannot check a function
 */
export async function checkPlpgsql(adminUrl: string): Promise<ProveResult> {
  const { found, planted } = await findings(adminUrl);
  const routines = new Set(found.map(({ routine }) => routine));
  const faults = found.filter((finding) => finding.level !== null && !isAccepted(finding));
  const missed = PLANTED.filter((fault) =>
    !planted.some((finding) =>
      finding.routine === fault.routine && finding.relation === fault.relation && finding.level === fault.level
    )
  );
  const broken = new Set(faults.map(({ routine }) => routine)).size;
  return {
    passed: routines.size - broken + PLANTED.length - missed.length,
    failed: broken + missed.length + (routines.size === 0 ? 1 : 0),
    output: [
      ...faults.map(({ routine, relation, line, level, text }) =>
        `${level} in ${routine}${relation === null ? "" : ` on ${relation}`}, line ${line ?? "?"}: ${text}`
      ),
      ...missed.map(({ routine, level }) => `plpgsql_check does not report the planted ${level} in ${routine}.`),
    ].join("\n"),
  };
}

function findings(adminUrl: string): Promise<{ found: Finding[]; planted: Finding[] }> {
  return withSql(adminUrl, async (sql) => {
    const check = async (): Promise<Finding[]> => findingShape.array().parse([...await sql.unsafe(CHECK)]);
    // The transaction ends with the connection, and nothing of it is kept.
    await sql.unsafe(BEGIN).simple();
    const found = await check();
    await sql.unsafe(PLANT).simple();
    return { found, planted: await check() };
  });
}

function isAccepted({ routine, level, text }: Finding): boolean {
  return ACCEPTED.some((entry) => routine.startsWith(entry.routine) && level === entry.level && entry.text.test(text));
}
