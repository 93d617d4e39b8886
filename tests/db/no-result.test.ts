import { describe, expect, it } from "vitest";
import { createDatabase } from "../helpers/database.ts";
import { waitFor } from "../helpers/wait.ts";
import { plantCheck } from "./one-check.ts";
import { db } from "./run.ts";

// A documentation address (RFC 5737): whatever tried to reach it would time out, not answer.
const REMOTE = "postgresql://postgres:secret@192.0.2.1:5432/postgres";
const NOBODY = "postgresql://postgres:secret@127.0.0.1:1/postgres";

describe("P6 without a result the exit code is none of 0, 1 and 2", () => {
  it.each(["health", "optimize quick", "report"])("%s: 3 when nobody answers", async (command) => {
    const { code, out, err } = await db([...command.split(" "), "--db-url", NOBODY]);
    expect([code, out]).toEqual([3, ""]);
    expect(err).toMatch(/^127\.0\.0\.1:1\/postgres cannot be reached: .*ECONNREFUSED/);
    expect(err).not.toContain("secret");
  });

  it("3 for a database that does not exist, as JSON too", async () => {
    const { url } = await createDatabase();
    const { code, out } = await db(["health", "--json", "--db-url", `${url}_gone`]);
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ error: { code: "no_connection" } });
  });

  it.each([
    [[], "No command was given"],
    [["heal"], 'There is no command "heal"'],
    [["optimize"], 'There is no command "optimize"'],
    [["optimize", "more"], 'There is no command "optimize more"'],
    [["health", "twice"], 'There is no command "health twice"'],
    [["health", "--out", "x"], "--format and --out are for report."],
    [["report", "--format", "pdf"], "--format is html or markdown."],
    [["health", "--verbose"], "Unknown option '--verbose'"],
    [["health", "--db-url", "mysql://localhost/x"], "The database address is not"],
  ])("4 for %j", async (argv, message) => {
    const { code, err } = await db(argv);
    expect(code).toBe(4);
    expect(err).toContain(message);
  });

  it.each([
    ["nobody to ask", { code: 4, options: {} }],
    ["another answer", { code: 4, options: { answers: ["yes"] } }],
  ])("4 for optimize elsewhere with %s, before anything is reached", async (_case, { code, options }) => {
    expect(await db(["optimize", "full", "--db-url", REMOTE], options)).toMatchObject({
      code,
      out: "",
      err: expect.stringMatching(/nothing was done/i),
    });
  });

  it.each(["health", "optimize quick", "report"])("%s: 5 for a database without our schema", async (command) => {
    const { url } = await createDatabase();
    const { code, err } = await db([...command.split(" "), "--db-url", url]);
    expect(err).toMatch(
      /^The database has another version of schema ops: schema "ops" does not exist\. Apply its migrations/,
    );
    expect(code).toBe(5);
  });

  it("130 at Ctrl-C: the statement is cancelled on the server and the connection given back", async () => {
    const { url, sql } = await createDatabase({ migrated: true });
    await plantCheck(sql);
    await sql.unsafe(`
      create or replace function ops.check_planted() returns setof ops.finding
        language plpgsql volatile set search_path = '' set lock_timeout = 0 as $$
      begin
        perform pg_catalog.pg_advisory_lock(4711);
      end $$;
      select pg_advisory_lock(4711);
    `).simple();
    const ours = () =>
      sql`
      select wait_event from pg_stat_activity
      where application_name = 'rowhouse db' and datname = current_database()
    `;
    const stopping = new AbortController();
    const running = db(["health", "--db-url", url], { signal: stopping.signal });
    await waitFor(
      "a check that waits",
      async () => (await ours())[0]?.["wait_event"] === "advisory" ? true : undefined,
    );
    stopping.abort();
    expect(await running).toEqual({ code: 130, out: "", err: "Stopped." });
    await waitFor("the end of its session", async () => (await ours()).length === 0 ? true : undefined);
  });
});
