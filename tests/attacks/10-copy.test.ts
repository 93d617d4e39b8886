import { EventEmitter } from "node:events";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { runScript } from "../../scripts/migrate/apply.ts";
import { listSeeds, projectDir, readSql } from "../../scripts/migrate/migration-files.ts";
import { listRelations, type Relation, tenantColumnOf } from "../helpers/catalogue.ts";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";

const copyData = z.object({ chunk: z.instanceof(Buffer) });
const tenantRow = z.object({ id: z.string(), slug: z.string() });

let database: TestDatabase;
let owner: pg.Client;
let operator: pg.Client;
let relations: Relation[];
let own: string;
let others: string[];

beforeAll(async () => {
  database = await createDatabase({ migrated: true });
  for (const file of listSeeds(projectDir)) {
    await database.sql.begin((sql) => runScript(sql, readSql(file), "seed_failed", file));
  }
  await database.sql`select from ops.refresh_materialized_views()`;
  operator = await connect();
  owner = await connect();
  await owner.query(`
    select set_config('request.jwt.claims', json_build_object('sub', id, 'role', 'authenticated')::text, false)
    from auth.users where email = 'owner@acme.test';
    set role authenticated`);
  const tenants = (await database.sql`select id, slug from public.tenants`).map((row) => tenantRow.parse(row));
  own = tenants.find(({ slug }) => slug === "acme")?.id ?? "";
  others = tenants.filter(({ slug }) => slug !== "acme").map(({ id }) => id);
  relations = (await listRelations(database.sql)).filter((relation) => tenantColumnOf(relation) !== null);
});
afterAll(() => Promise.all([owner.end(), operator.end()]));

// COPY is no query: for a table with policies the server makes it one, and refuses the other direction.
describe("S2 COPY by a member of one tenant", () => {
  it("S2 out of every table and view holds their own tenant's rows and no other's", async () => {
    const shown: string[] = [];
    for (const { name, kind } of relations) {
      const query = `copy (select * from public.${name}) to stdout`;
      const copied = await copyOut(owner, query) +
        (kind === "table" ? await copyOut(owner, `copy public.${name} to stdout`) : "");
      expect(others.filter((tenant) => copied.includes(tenant)), name).toEqual([]);
      const whole = await copyOut(operator, query);
      if (copied.includes(own) && others.some((tenant) => whole.includes(tenant))) shown.push(name);
    }
    expect(shown).toEqual(expect.arrayContaining(["audit_log", "conversations", "memberships", "messages", "tenants"]));
  });

  it("S4 out of what lies behind them is refused", async () => {
    const hidden = await database.sql<{ name: string }[]>`
      select c.oid::regclass::text as name from pg_class as c
      where c.relnamespace = 'private'::regnamespace and c.relkind in ('r', 'm')
    `;
    expect(hidden.length).toBeGreaterThan(10);
    for (const { name } of hidden) {
      expect(await refusalOf(`copy (select * from ${name}) to stdout`), name).toBe("42501");
    }
  });

  it("S2 into any table is refused, also into their own tenant", async () => {
    for (const { name, insertable, kind } of relations) {
      if (kind !== "table") continue;
      const columns = insertable.length > 0 ? insertable : ["id"];
      const statement = `copy public.${name} (${columns.map((column) => `"${column}"`).join(", ")}) from stdin`;
      // Row level security has no part in COPY FROM, so the server does not take it.
      expect(await refusalOf(statement), name).toBe(insertable.length > 0 ? "0A000" : "42501");
    }
  });

  it("S2 to and from files of the server is refused", async () => {
    for (
      const statement of ["copy public.projects to '/tmp/projects'", "copy public.projects (name) from '/etc/hostname'"]
    ) {
      expect(await refusalOf(statement)).toBe("42501");
    }
  });
});

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  return client;
}

/** The lines of a COPY TO STDOUT, which the driver itself lets pass by. */
async function copyOut(client: pg.Client, statement: string): Promise<string> {
  const connection: unknown = Reflect.get(client, "connection");
  if (!(connection instanceof EventEmitter)) throw new Error("The driver has no connection to listen to.");
  let lines = "";
  const collect = (message: unknown): void => {
    lines += copyData.parse(message).chunk.toString();
  };
  connection.on("copyData", collect);
  try {
    await client.query(statement);
    return lines;
  } finally {
    connection.off("copyData", collect);
  }
}

async function refusalOf(statement: string): Promise<string> {
  try {
    await owner.query(statement);
    return "done";
  } catch (error) {
    return z.object({ code: z.string() }).parse(error).code;
  }
}
