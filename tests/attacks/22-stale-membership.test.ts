import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Caller, openCaller, tenantOf } from "../helpers/caller.ts";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";

const CAUSES: Readonly<Record<string, string>> = {
  "is removed": "delete from public.memberships where user_id = $1",
  "is suspended": "update public.memberships set status = 'suspended' where user_id = $1",
  "is demoted to customer": "update public.memberships set role = 'customer' where user_id = $1",
  "is deactivated": "update public.users set is_active = false where id = $1",
  "is in a tenant that is suspended":
    "update public.tenants as t set status = 'suspended' from public.memberships as m where t.id = tenant_id and user_id = $1",
  "has their account deleted": "delete from auth.users where id = $1",
};

let database: TestDatabase;
let owner: Caller;

beforeAll(async () => {
  database = await createDatabase({ migrated: true });
  owner = await openCaller(database, "owner");
});
afterAll(() => owner.close());

// A session that a pool keeps open, or a worker that reads page by page, must not live on what it knew at its first one.
describe("C10 in a transaction that began before, the next statement of somebody who", () => {
  it.each(Object.keys(CAUSES))("C10 %s reaches nothing", async (cause) => {
    const person = await openCaller(database, "member");
    const tenant = await foundTenant(person);
    const insert = "insert into public.conversations (tenant_id, title) values ($1, 'Mine')";
    expect(await person.attempt(insert, [tenant])).toBe("done");
    await person.finish("rollback");
    expect(await countOf(person, tenant)).toBe(2);

    await database.sql.unsafe(CAUSES[cause] ?? "", [person.id]);

    expect(await countOf(person, tenant)).toBe(0);
    expect(await person.attempt(insert, [tenant])).toBe("42501");
    expect(await person.attempt("select public.increment_usage($1)", [tenant])).toMatch(/^(PT404|42501)$/);
    await person.close();
  });

  it("C10 is left alone keeps what they had", async () => {
    const [person, other] = [await openCaller(database, "member"), await openCaller(database, "other")];
    const tenant = await foundTenant(person);
    await foundTenant(other);
    await database.sql.unsafe(CAUSES["is removed"] ?? "", [other.id]);
    expect(await countOf(person, tenant)).toBe(2);
    await Promise.all([person.close(), other.close()]);
  });
});

async function foundTenant(member: Caller): Promise<string> {
  const tenant = await tenantOf(database, [owner, "owner"], [member, "admin"]);
  await database.sql`
    insert into public.conversations (tenant_id, user_id, title)
    select ${tenant}, ${owner.id}, t from unnest(array['One', 'Two']) as t
  `;
  return tenant;
}

async function countOf(person: Caller, tenant: string): Promise<number> {
  return (await person.run("select from public.conversations where tenant_id = $1", [tenant])).length;
}
