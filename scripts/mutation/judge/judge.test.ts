import { afterAll, beforeAll, expect, it } from "vitest";
import { type MutationServer, startMutationServer } from "../database.ts";
import type { Mutant } from "../mutants/mutant.ts";
import type { Level, TestFile } from "../suite/test-file.ts";
import { VoidRun } from "../void-run.ts";
import { recordBaseline } from "./baseline.ts";
import { judge } from "./judge.ts";
import { openPool } from "./pool.ts";
import type { Verdict } from "./verdict.ts";

const CAST = "set local search_path = public, extensions; create table public.things (id integer); insert into public.things values (1)";

let server: MutationServer;

beforeAll(async () => {
  server = await startMutationServer();
});
afterAll(() => server.stop());

it("asks the rules before tests that have nothing to do with a change, and says what nothing notices", async () => {
  const readable = (role: string): string => `select ok(not has_table_privilege('${role}', 'private.reach', 'select'), 'closed')`;
  const verdicts = await run(
    [file("one", "behaviour", readable("anon")), file("two", "structure", readable("anon"), readable("authenticated"))],
    [grant("select", "anon"), grant("select", "authenticated"), grant("insert", "anon"), grant("wrong", "anon")],
  );
  expect(verdicts.map(({ by, file: name }) => [by, name])).toEqual([
    ["structure", "two"],
    ["structure", "two"],
    ["nothing", null],
    ["stillborn", null],
  ]);
});

it("makes a changed function before the cast, which may call it", async () => {
  const definition = (answer: string): Mutant => ({
    id: answer,
    kind: "function: condition",
    subjects: ["ops.is_cron"],
    sql: `create or replace function ops.is_cron(cron text) returns boolean language sql as 'select ${answer}'`,
    replaces: "ops.is_cron",
  });
  const verdicts = await run(
    [file("one", "behaviour", "select ok(ops.is_cron('* * * * *'), 'a cron')")],
    [definition("true"), definition("false"), definition("cron is not null")],
  );
  expect(verdicts.map(({ by, message }) => [by, message?.split("\n")[0] ?? null])).toEqual([
    ["nothing", null],
    ["behaviour", "not ok 1 - a cron"],
    ["nothing", null],
  ]);
});

it("notices a test that is gone where the plan says how many there are, as the runner of the tests does", async () => {
  const perRow = "select ok(true, c.relname) from pg_class as c where c.relname = 'reach' and not c.relrowsecurity is false";
  const off = { ...grant("x", "x"), kind: "row security" as const, sql: "alter table private.reach disable row level security" };
  const planned = (plan: string): TestFile => ({
    ...file("one", "behaviour"), tests: [plan, "select ok(true, 'there')", perRow, "select * from finish()"],
  });
  const [counted] = await run([planned("select plan(2)")], [off]);
  const [uncounted] = await run([planned("select * from no_plan()")], [off]);
  expect(counted).toMatchObject({ by: "behaviour", message: "# Looks like you planned 2 tests but ran 1" });
  expect(uncounted).toMatchObject({ by: "nothing" });
});

it("lets no file leave anything to the next: neither rows nor what outlives a transaction", async () => {
  const leaves = ["prepare mine as select 1", "insert into public.things values (2)", "set role anon", "select pg_advisory_lock(1)"];
  const looks = "select is((select count(*) from public.things)::integer, 1, 'the cast and no more')";
  const leaving = (name: string): TestFile => file(name, "behaviour", looks, ...leaves);
  const verdicts = await run([leaving("one"), leaving("two")], [grant("select", "anon"), grant("insert", "anon")]);
  expect(verdicts.map(({ by }) => by)).toEqual(["nothing", "nothing"]);
});

it("proves nothing when the tests fail without a mutant", async () => {
  const failure = await run([file("one", "behaviour", "select ok(false, 'never')")], []).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(VoidRun);
  expect(failure).toMatchObject({ lines: [expect.stringContaining("one: not ok 1 - never")] });
});

async function run(files: readonly TestFile[], mutants: readonly Mutant[]): Promise<Verdict[]> {
  const pool = openPool(server, CAST, 1, new AbortController().signal);
  try {
    const suite = { cast: CAST, files };
    const baseline = await recordBaseline(suite, pool);
    const typescriptTests = { tryEach: () => Promise.resolve() };
    return await judge({ mutants, isReviewed: () => false, suite, baseline, pool, typescriptTests, onProgress: () => undefined });
  } finally {
    await pool.close();
  }
}

function file(name: string, level: Level, ...tests: string[]): TestFile {
  return { name, level, setup: [], tests: ["select * from no_plan()", ...tests], words: new Set() };
}

function grant(privilege: string, role: string): Mutant {
  const sql = `grant ${privilege} on private.reach to ${role}`;
  return { id: sql, kind: "grant on a relation", subjects: ["private.reach"], sql, replaces: null };
}
