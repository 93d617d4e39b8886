import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Caller, openCaller, tenantOf } from "../helpers/caller.ts";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";

const offer = z.object({ token: z.string(), invitation_id: z.string() });

let database: TestDatabase;
let owner: Caller;
let host: Caller;
let guest: Caller;
let guestElsewhere: Caller;
let tenant: string;
let token: string;
let invitation: string;

beforeAll(async () => {
  database = await createDatabase({ migrated: true });
  owner = await openCaller(database, "owner");
  host = await openCaller(database, "host");
  tenant = await tenantOf(database, [owner, "owner"]);
});
afterAll(async () => {
  await Promise.all([owner.close(), host.close()]);
});

beforeEach(async () => {
  await database.sql`
    insert into public.memberships (tenant_id, user_id, role) values (${tenant}, ${host.id}, 'admin')
    on conflict (tenant_id, user_id) do update set role = 'admin', status = 'active'
  `;
  guest = await openCaller(database, "guest");
  guestElsewhere = await openCaller(database, "guest", guest);
  const [row] = await host.run("select token, invitation_id from public.invite_member($1, $2, 'member')", [
    tenant,
    guest.email,
  ]);
  ({ token, invitation_id: invitation } = offer.parse(row));
  await host.finish("commit");
  return () => Promise.all([guest.close(), guestElsewhere.close()]);
});

/** What happens first, is not committed yet when the guest accepts, and then is. */
const BEFORE: readonly [what: string, act: () => Promise<unknown>, code: string, by: () => Caller][] = [
  [
    "it is taken back",
    () => owner.run("select public.revoke_invitation($1, $2)", [tenant, invitation]),
    "PT410",
    () => owner,
  ],
  [
    "it is replaced by another one",
    () => owner.run("select public.invite_member($1, $2, 'viewer')", [tenant, guest.email]),
    "PT410",
    () => owner,
  ],
  [
    "whoever sent it is demoted",
    () => owner.run("select public.change_member_role($1, $2, 'member')", [tenant, host.id]),
    "PT410",
    () => owner,
  ],
  [
    "whoever sent it is suspended",
    () => owner.run("select public.set_member_status($1, $2, 'suspended')", [tenant, host.id]),
    "PT410",
    () => owner,
  ],
  [
    "whoever sent it is removed",
    () => owner.run("select public.remove_member($1, $2)", [tenant, host.id]),
    "PT410",
    () => owner,
  ],
  ["whoever sent it leaves", () => host.run("select public.leave_tenant($1)", [tenant]), "PT410", () => host],
];

describe("C5 an invitation that is accepted at the same moment as", () => {
  it.each(BEFORE)("C5 S6 %s lets nobody in", async (_, act, code, by) => {
    await act();
    const outcome = guest.attempt("select public.accept_invitation($1)", [token]);
    await guest.waitsFor(by());
    await by().finish("commit");
    expect(await outcome).toBe(code);
    await guest.finish("commit");
    expect(await rolesOf(guest)).toEqual([]);
  });

  it.each(BEFORE)("C5 S6 %s, which is taken back, lets them in", async (_, act, __, by) => {
    await act();
    const outcome = guest.attempt("select public.accept_invitation($1)", [token]);
    await guest.waitsFor(by());
    await by().finish("rollback");
    expect(await outcome).toBe("done");
    await guest.finish("commit");
    expect(await rolesOf(guest)).toEqual(["member"]);
  });

  it("C5 the same person accepts it in another window: it serves once", async () => {
    await guest.run("select public.accept_invitation($1)", [token]);
    const outcome = guestElsewhere.attempt("select public.accept_invitation($1)", [token]);
    await guestElsewhere.waitsFor(guest);
    await guest.finish("commit");
    expect(await outcome).toBe("PT409");
    expect(await rolesOf(guest)).toEqual(["member"]);
    expect(await acceptances()).toBe(1);
  });

  it("C5 their first acceptance fails: the second one is good", async () => {
    await guest.run("select public.accept_invitation($1)", [token]);
    const outcome = guestElsewhere.attempt("select public.accept_invitation($1)", [token]);
    await guestElsewhere.waitsFor(guest);
    await guest.finish("rollback");
    expect(await outcome).toBe("done");
    await guestElsewhere.finish("commit");
    expect(await rolesOf(guest)).toEqual(["member"]);
  });

  it("C11 the tenant is suspended lets nobody in", async () => {
    const { sql } = database;
    await sql.unsafe("begin");
    await sql`update public.tenants set status = 'suspended' where id = ${tenant}`;
    const outcome = guest.attempt("select public.accept_invitation($1)", [token]);
    const [operator] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
    await guest.waitsFor({ pid: operator?.pid ?? 0 });
    await sql.unsafe("commit");
    expect(await outcome).toBe("PT404");
    await sql`update public.tenants set status = 'active' where id = ${tenant}`;
    expect(await guest.attempt("select public.accept_invitation($1)", [token])).toBe("done");
  });

  it("C5 it is taken back a moment later: it has been used", async () => {
    await guest.run("select public.accept_invitation($1)", [token]);
    const outcome = owner.attempt("select public.revoke_invitation($1, $2)", [tenant, invitation]);
    await owner.waitsFor(guest);
    await guest.finish("commit");
    expect(await outcome).toBe("PT404");
    expect(await rolesOf(guest)).toEqual(["member"]);
  });
});

async function rolesOf(person: Caller): Promise<string[]> {
  const rows = await database.sql<{ role: string }[]>`
    select role from public.memberships where tenant_id = ${tenant} and user_id = ${person.id}
  `;
  return rows.map(({ role }) => role);
}

async function acceptances(): Promise<number> {
  const rows = await database.sql`
    select from public.audit_log
    where tenant_id = ${tenant} and table_name = 'public.invitations' and row_key ->> 'id' = ${invitation}
      and verb = 'update' and after ? 'accepted_at'
  `;
  return rows.length;
}
