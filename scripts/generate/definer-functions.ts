import type postgres from "postgres";
import { z } from "zod";
import { MigrateError } from "../migrate/migrate-error.ts";
import { listMigrations, projectDir, readSql } from "../migrate/migration-files.ts";

const definerShape = z.object({ name: z.string(), signature: z.string(), callers: z.array(z.string()) });

// A function and the line on which it says why it runs with its owner's rights; no other function begins in between.
const DEFINITION =
  /^create (?:or replace )?function ([a-z_]+\.[a-z0-9_]+)\((?:(?!^create )[\s\S])*?^ {2}security definer -- (.+)$/gm;

/**
 * Lists the functions that run with their owner's rights: the catalogue says which, their migrations why.
 *
 * @param sql - a database with all migrations
 * @returns a table in markdown
 * @throws MigrateError `bad_file` for a function whose reason is not in the migrations
 */
export async function listDefinerFunctions(sql: postgres.Sql): Promise<string> {
  const rows = await sql`
    select p.pronamespace::regnamespace || '.' || p.proname as name,
      format('%s.%s(%s)', p.pronamespace::regnamespace, p.proname, pg_get_function_identity_arguments(p.oid)) as signature,
      array(
        select r.rolname::text from pg_roles as r
        where r.rolname in ('anon', 'authenticated', 'service_role') and has_function_privilege(r.oid, p.oid, 'execute')
        order by r.rolname
      ) as callers
    from pg_proc as p
    where p.prosecdef and p.pronamespace in ('public'::regnamespace, 'private'::regnamespace, 'ops'::regnamespace)
      and not exists (select from pg_depend as d where d.objid = p.oid and d.deptype = 'e')
    order by p.pronamespace::regnamespace::text <> 'public', 2`;
  const definers = rows.map((row) => definerShape.parse(row));
  const reasons = readReasons();
  const names = definers.map(({ name }) => name);
  const unexplained = [...new Set(names.filter((name, place) => !reasons.has(name) || names.indexOf(name) !== place))];
  if (unexplained.length > 0) {
    throw new MigrateError(
      "bad_file",
      "Each definer function must have a name of its own and say why it is one: security definer -- reason.",
      unexplained.join("\n"),
    );
  }
  return [
    `${definers.length} functions; nobody else executes them than who is named.\n`,
    "| Function | Executed by | Why it has its owner's rights |\n| --- | --- | --- |",
    ...definers.map(({ name, signature, callers }) =>
      `| \`${signature}\` | ${callers.join(", ") || "triggers and other functions"} | ${reasons.get(name)} |`
    ),
  ].join("\n");
}

function readReasons(): Map<string, string> {
  const reasons = new Map<string, string>();
  for (const { path } of listMigrations(projectDir)) {
    for (const [, name = "", reason = ""] of readSql(path).matchAll(DEFINITION)) reasons.set(name, reason);
  }
  return reasons;
}
