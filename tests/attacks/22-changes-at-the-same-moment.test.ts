import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Caller, openCaller, tenantOf } from "../helpers/caller.ts";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";

const CHANGE_ROLE = "select public.change_member_role($1, $2, $3)";
const SAY = "insert into public.messages (tenant_id, conversation_id, role, content) values ($1, $2, 'user', 'New')";
const ARCHIVE = "update public.conversations set is_archived = true where tenant_id = $1 and id = $2";

let database: TestDatabase;
let one: Caller;
let two: Caller;
let service: Caller;
let member: Caller;
let other: Caller;
let tenantOfOne: string;
let tenantOfTwo: string;

beforeAll(async () => {
  database = await createDatabase({ migrated: true });
  one = await openCaller(database, "one");
  two = await openCaller(database, "two");
  service = await openCaller(database, "service");
});
afterAll(() => Promise.all([one, two, service].map((caller) => caller.close())));

beforeEach(async () => {
  member = await openCaller(database, "member");
  other = await openCaller(database, "other");
  tenantOfOne = await tenantOf(database, [one, "owner"], [member, "member"], [other, "member"]);
  tenantOfTwo = await tenantOf(database, [two, "owner"], [member, "member"], [other, "member"]);
  return async () => {
    await Promise.all([one, two, service].map((caller) => caller.finish("rollback")));
    await Promise.all([member.close(), other.close()]);
  };
});

describe("C10 C11 two changes at the same moment, each with a transaction that has not seen the other's", () => {
  // private.sync_reach locks the row of private.reach before it reads.
  it("C10 one person is demoted in two tenants: neither is lost", async () => {
    await one.run(CHANGE_ROLE, [tenantOfOne, member.id, "customer"]);
    const outcome = two.attempt(CHANGE_ROLE, [tenantOfTwo, member.id, "customer"]);
    await two.waitsFor(one);
    await one.finish("commit");
    expect(await outcome).toBe("done");
    await two.finish("commit");
    expect(await reachOf(member)).toEqual({ customer: [tenantOfOne, tenantOfTwo].sort(), member: [] });
  });

  it("C10 one of them has locked their reach first, as a hand-over does: neither is lost", async () => {
    await one.run("set local role postgres");
    await one.run("select from private.reach where user_id = $1 for update", [member.id]);
    const outcome = two.attempt(CHANGE_ROLE, [tenantOfTwo, member.id, "customer"]);
    await two.waitsFor(one);
    const demote = "update public.memberships set role = 'customer' where tenant_id = $1 and user_id = $2";
    await one.run(demote, [tenantOfOne, member.id]);
    await one.finish("commit");
    expect(await outcome).toBe("done");
    await two.finish("commit");
    expect(await reachOf(member)).toEqual({ customer: [tenantOfOne, tenantOfTwo].sort(), member: [] });
  });

  // private.tg_memberships__sync_reach locks the tenant before it asks for its status.
  it("C11 somebody is made a member of a tenant that is being suspended: it is out of their reach", async () => {
    await database.sql`delete from public.memberships where tenant_id = ${tenantOfOne} and user_id = ${member.id}`;
    await suspendBy(two, tenantOfOne);
    await actAsService();
    const outcome = service.attempt(
      "insert into public.memberships (tenant_id, user_id, role) values ($1, $2, 'member')", [tenantOfOne, member.id],
    );
    await service.waitsFor(two);
    await two.finish("commit");
    expect(await outcome).toBe("done");
    await service.finish("commit");
    expect(await reachOf(member)).toEqual({ customer: [tenantOfTwo], member: [tenantOfTwo] });
  });

  // private.require_authority_over locks the membership before it looks at it.
  it.each([["commit", "PT404"], ["rollback", "done"]] as const)(
    "C6 a member is changed while the service removes them (%s): %s", async (how, code) => {
      await actAsService();
      const remove = "delete from public.memberships where tenant_id = $1 and user_id = $2";
      await service.run(remove, [tenantOfOne, member.id]);
      const outcome = one.attempt(CHANGE_ROLE, [tenantOfOne, member.id, "viewer"]);
      await one.waitsFor(service);
      await service.finish(how);
      expect(await outcome).toBe(code);
    },
  );

  // private.tg_messages__arrive locks the conversation before it asks whether it is archived.
  it.each([["commit", "PT409"], ["rollback", "done"]] as const)(
    "A1 a message arrives in a conversation that is being archived (%s): %s", async (how, code) => {
      const conversation = await beginConversation(one, tenantOfOne);
      await one.run(ARCHIVE, [tenantOfOne, conversation]);
      const outcome = member.attempt(SAY, [tenantOfOne, conversation]);
      await member.waitsFor(one);
      await one.finish(how);
      expect(await outcome).toBe(code);
    },
  );
});

// A change locks the tenant, people and conversations that it is about. With more of them locked, one tenant would stop
// all others.
describe("S2 P1 nobody waits for a change of another tenant", () => {
  it("S2 C6 members of two tenants are changed", async () => {
    await one.run(CHANGE_ROLE, [tenantOfOne, member.id, "viewer"]);
    expect(await attemptWithoutWaiting(two, CHANGE_ROLE, [tenantOfTwo, other.id, "viewer"])).toBe("done");
  });

  it("S2 C6 a stranger asks for a change of a tenant that is being changed: there is no such tenant", async () => {
    await one.run(CHANGE_ROLE, [tenantOfOne, member.id, "viewer"]);
    expect(await attemptWithoutWaiting(two, CHANGE_ROLE, [tenantOfOne, other.id, "viewer"])).toBe("PT404");
  });

  it("S2 A1 messages arrive in two conversations", async () => {
    const [here, there] = [await beginConversation(one, tenantOfOne), await beginConversation(two, tenantOfTwo)];
    await one.run(SAY, [tenantOfOne, here]);
    expect(await attemptWithoutWaiting(two, SAY, [tenantOfTwo, there])).toBe("done");
  });
});

async function beginConversation(owner: Caller, tenant: string): Promise<string> {
  const [row] = await database.sql<{ id: string }[]>`
    insert into public.conversations (tenant_id, user_id, title) values (${tenant}, ${owner.id}, 'Talk') returning id
  `;
  if (row === undefined) throw new Error("The conversation was not begun.");
  return row.id;
}

async function suspendBy(caller: Caller, tenant: string): Promise<void> {
  await caller.run("set local role postgres");
  await caller.run("update public.tenants set status = 'suspended' where id = $1", [tenant]);
}

/** Until the end of its transaction, this connection is no user's. */
async function actAsService(): Promise<void> {
  await service.run("select set_config('request.jwt.claims', $1, true)", ['{"role": "service_role"}']);
  await service.run("set local role service_role");
}

/** What `attempt` says; 55P03 if it would have had to wait. */
async function attemptWithoutWaiting(
  caller: Caller, statement: string, parameters: readonly string[],
): Promise<string> {
  await caller.run("set local lock_timeout = '3s'");
  return caller.attempt(statement, parameters);
}

async function reachOf(person: Caller): Promise<{ customer: string[]; member: string[] } | undefined> {
  const [row] = await database.sql<{ customer: string[]; member: string[] }[]>`
    select customer, member from private.reach where user_id = ${person.id}
  `;
  return row;
}
