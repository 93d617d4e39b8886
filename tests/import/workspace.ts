import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import { z } from "zod";
import { runImport } from "../../scripts/import/run-import.ts";
import type { TestDatabase } from "../helpers/database.ts";

/** What a run of `import` said. */
export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const idShape = z.object({ id: z.string() });
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/**
 * Makes a folder with files, which is deleted after the test file.
 *
 * @param files - path in the folder to content; what is no text and no bytes is written as JSON
 * @returns the folder
 */
export function makeFolder(files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "rowhouse-import-"));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) writeInto(folder, name, content);
  return folder;
}

/**
 * Writes a file.
 *
 * @param folder - where
 * @param name - its path in the folder
 * @param content - text, bytes, or a value to write as JSON
 */
export function writeInto(folder: string, name: string, content: unknown): void {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  const isRaw = typeof content === "string" || Buffer.isBuffer(content);
  writeFileSync(file, isRaw ? content : JSON.stringify(content, null, 2));
}

/**
 * Makes an active tenant.
 *
 * @param database - where
 * @param slug - its slug
 * @returns its id
 */
export async function makeTenant(database: TestDatabase, slug: string): Promise<string> {
  // An active tenant has an owner at the end of every transaction.
  const [row] = await database.sql.begin(async (sql) => {
    const [person] = await sql`
      insert into auth.users (id, aud, role, email, email_confirmed_at, created_at, updated_at)
      values (gen_random_uuid(), 'authenticated', 'authenticated', ${`${slug}@example.test`}, now(), now(), now())
      returning id
    `;
    return sql`
      with made as (insert into public.tenants (name, slug) values (${slug}, ${slug}) returning id), owner as (
        insert into public.memberships (tenant_id, user_id, role)
        select id, ${idShape.parse(person).id}::uuid, 'owner' from made
      )
      select id from made
    `;
  });
  return idShape.parse(row).id;
}

/**
 * Runs the command line as a script would.
 *
 * @param database - the database
 * @param argv - arguments, without the database
 * @param signal - what stops it
 * @returns what it said
 */
export async function run(
  database: TestDatabase,
  argv: readonly string[],
  signal: AbortSignal = new AbortController().signal,
): Promise<Run> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runImport([...argv, "--db-url", database.url], {
    terminal: {
      isInteractive: false,
      print: (line) => void out.push(line),
      tell: (line) => void err.push(line),
      ask: () => Promise.resolve(""),
    },
    signal,
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

const entryShape = z.object({ read: z.number(), loaded: z.number(), merged: z.number(), refused: z.number() });
const accountShape = z.object({
  tasks: entryShape,
  subtasks: entryShape,
  dependencies: entryShape.extend({ removed_here: z.number() }),
});
const oddityShape = z.object({
  code: z.string(),
  pointer: z.string(),
  message: z.string(),
  file: z.string().optional(),
  place: z.object({ line: z.number(), column: z.number() }).optional(),
});
const reportShape = z.object({
  dry_run: z.boolean(),
  account: accountShape,
  loaded: z.number(),
  unchanged: z.number(),
  refused: z.number(),
  shadowed: z.array(z.object({ path: z.string(), by: z.string() })),
  files: z.array(z.object({
    file: z.string(),
    source: z.string(),
    status: z.enum(["loaded", "unchanged", "refused"]),
    refusal: z.object({
      code: z.string(),
      message: z.string(),
      line: z.number().optional(),
      column: z.number().optional(),
    }).optional(),
    encoding: z.string().optional(),
    variant: z.string().optional(),
    account: accountShape,
    tags: z.array(z.object({
      tag: z.string(),
      source_key: z.string(),
      workflow: z.string(),
      workflow_id: z.string().nullable(),
      workflow_is: z.string(),
      account: accountShape,
      inserted: z.number(),
      updated: z.number(),
      unchanged: z.number(),
      gone: z.array(z.object({ key: z.string(), title: z.string() })),
      dependencies_taken_back: z.array(z.object({ key: z.string(), on_key: z.string() })),
      complexity_report: z.object({ file: z.string(), entries: z.number(), joined: z.number() }).nullable(),
    })),
    gone_workflows: z.array(z.string()),
    oddities: z.array(oddityShape),
  })),
});

/** The report of `import tasks`. */
export type Report = z.infer<typeof reportShape>;

/**
 * Imports and returns the report.
 *
 * @param database - the database
 * @param argv - what follows `tasks`
 * @returns the report, and the exit code
 */
export async function importTasks(
  database: TestDatabase,
  argv: readonly string[],
): Promise<Report & { readonly code: number }> {
  const { code, out } = await run(database, ["tasks", ...argv, "--json"]);
  return { ...reportShape.parse(JSON.parse(out)), code };
}

const verifyShape = z.object({
  same: z.boolean(),
  tasks: z.number(),
  subtasks: z.number(),
  dependencies: z.number(),
  files: z.array(z.object({
    status: z.enum(["same", "different", "refused"]),
    tags: z.array(z.object({
      differences: z.array(z.object({
        kind: z.string(),
        key: z.string(),
        on_key: z.string().optional(),
        fields: z.array(z.string()).optional(),
      })),
      gone: z.array(z.string()),
    })),
  })),
});

/**
 * Verifies and returns the report.
 *
 * @param database - the database
 * @param argv - what follows `verify`
 * @returns the report, and the exit code
 */
export async function verifyTasks(
  database: TestDatabase,
  argv: readonly string[],
): Promise<z.infer<typeof verifyShape> & { readonly code: number }> {
  const { code, out } = await run(database, ["verify", ...argv, "--json"]);
  return { ...verifyShape.parse(JSON.parse(out)), code };
}
