import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Caller, openCaller } from "../helpers/caller.ts";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";

let database: TestDatabase;
let owner: Caller;
let tenant: string;

beforeAll(async () => {
  database = await createDatabase({ migrated: true });
  owner = await openCaller(database, "owner");
  const [row] = await owner.run("select public.create_tenant('Isolated', 'isolated') as id");
  tenant = String(row?.["id"]);
  await owner.finish("commit");
});
afterAll(() => owner.close());

// Under these a lock waits for the other change, but its rows stay unseen: two last owners would both be gone.
describe("C6 C11 members, tenants and users", () => {
  it.each(["repeatable read", "serializable"])("C6 C11 do not change in a transaction that is %s", async (level) => {
    const change = (sql: string) => database.sql.unsafe(`begin isolation level ${level}; ${sql}`).simple();
    const changes = [
      "update public.memberships set role = 'owner'",
      // Refused by private.sync_reach alone.
      "update public.tenants set status = 'suspended'",
      // By private.require_an_owner alone, at the end of the transaction.
      "insert into public.tenants (name, slug, status) values ('New', 'new', 'suspended'); commit",
    ];
    for (const sql of changes) {
      await expect(change(sql)).rejects.toMatchObject({ code: "25001" });
      await database.sql.unsafe("rollback");
    }
  });

  it("C6 C11 do in one that is read committed", async () => {
    await database.sql`update public.tenants set status = 'suspended' where id = ${tenant}`;
    expect((await owner.run("select from public.tenants")).length).toBe(0);
  });
});
