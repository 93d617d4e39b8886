import { describe, expect, it } from "vitest";
import { parseTarget } from "../../scripts/migrate/target.ts";
import { makeProject, migrate, TWO_TABLES } from "./project.ts";

// A documentation address (RFC 5737): whatever tried to reach it would time out, not answer.
const REMOTE = "postgresql://postgres:secret@192.0.2.1:5432/postgres";

describe("which databases are on this machine", () => {
  it.each(["127.0.0.1", "127.8.8.8", "localhost", "[::1]"])("%s is", (host) => {
    expect(parseTarget(`postgresql://postgres@${host}:5432/postgres`).isLocal).toBe(true);
  });

  it.each([
    "192.0.2.1",
    "db.example.com",
    "localhost.example.com",
    "127.0.0.1.example.com",
    "0.0.0.0",
    "[2001:db8::1]",
  ])("%s is not", (host) => {
    expect(parseTarget(`postgresql://postgres@${host}:5432/postgres`).isLocal).toBe(false);
  });

  it.each([
    "postgresql://postgres@127.0.0.1/postgres?host=db.example.com",
    "postgresql://postgres@127.0.0.1/postgres?hostaddr=192.0.2.1",
    "postgresql://postgres@127.0.0.1/postgres?port=6000",
    "postgresql://postgres@127.0.0.1/postgres?service=production",
    "postgresql://postgres@127.0.0.1,db.example.com/postgres",
    "postgresql://postgres@127.0.0.1:5432,db.example.com:5432/postgres",
    "postgresql:///postgres",
    "mysql://localhost/x",
    "localhost",
  ])("%s is refused", (address) => {
    expect(() => parseTarget(address)).toThrow(/address/);
  });
});

describe("another machine's database is left alone", () => {
  it.each([["up"], ["down"], ["seed"], ["reset"], ["reset", "--yes"], ["reset", "--force"]])(
    "%s %s without saying so",
    async (...args) => {
      const run = await migrate([
        ...args.filter((arg) => arg !== undefined),
        "--db-url",
        REMOTE,
        "--workdir",
        makeProject(TWO_TABLES),
      ]);
      expect(run.code).toBe(1);
      expect(run.err).toMatch(/192\.0\.2\.1:5432\/postgres.* is not on this machine.*othing was done/);
      expect(run.err).not.toContain("secret");
    },
  );

  it.each([["up"], ["up", "--yes"], ["reset", "--force", "--yes"]])(
    "%s when its name is typed wrong",
    async (...args) => {
      const run = await migrate([...args, "--db-url", REMOTE, "--workdir", makeProject(TWO_TABLES)], {
        answers: ["y"],
      });
      expect(run.code).toBe(1);
      expect(run.err).toContain("Type 192.0.2.1/postgres to go on: ");
      expect(run.err).toContain("That is not its name: nothing was done.");
    },
  );
});

it("reset asks before it empties the local database", async () => {
  const on = [
    "reset",
    "--db-url",
    "postgresql://postgres@127.0.0.1:1/postgres",
    "--workdir",
    makeProject(TWO_TABLES),
  ];
  expect((await migrate(on)).err).toContain("Nothing was done: add --yes");
  expect((await migrate(on, { answers: ["no"] })).err).toContain("Nothing was done.");
});

it("without a stack it says how to get one", async () => {
  const before = process.env["ROWHOUSE_STACK_FILE"];
  delete process.env["ROWHOUSE_STACK_FILE"];
  try {
    const run = await migrate(["status", "--workdir", makeProject(TWO_TABLES)]);
    expect(run).toMatchObject({ code: 1 });
    expect(run.err).toContain('start it with "npm start"');
  } finally {
    if (before !== undefined) process.env["ROWHOUSE_STACK_FILE"] = before;
  }
});
