import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Caller, openCaller, tenantOf } from "../helpers/caller.ts";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";

type Act = (by: Caller, on: Caller, tenant: string) => [statement: string, ...parameters: string[]];

const ACTS: Readonly<Record<string, Act>> = {
  leaves: (_, __, tenant) => ["select public.leave_tenant($1)", tenant],
  removes: (_, on, tenant) => ["select public.remove_member($1, $2)", tenant, on.id],
  demotes: (_, on, tenant) => ["select public.change_member_role($1, $2, 'viewer')", tenant, on.id],
  suspends: (_, on, tenant) => ["select public.set_member_status($1, $2, 'suspended')", tenant, on.id],
};

/** What the second owner is told once the first one has done this. Whoever was put out is a stranger by then. */
const AFTERWARDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  leaves: { leaves: "PT409", removes: "PT404", demotes: "PT404", suspends: "PT404" },
  removes: { leaves: "PT404", removes: "PT404", demotes: "PT404", suspends: "PT404" },
  demotes: { leaves: "done", removes: "42501", demotes: "42501", suspends: "42501" },
  suspends: { leaves: "done", removes: "PT404", demotes: "PT404", suspends: "PT404" },
};

let database: TestDatabase;
let one: Caller;
let two: Caller;

beforeAll(async () => {
  database = await createDatabase({ migrated: true });
  one = await openCaller(database, "one");
  two = await openCaller(database, "two");
});
afterAll(async () => {
  await Promise.all([one.close(), two.close()]);
});

describe("C6 the last two owners, each with a transaction that has not seen the other's", () => {
  const pairs = Object.keys(ACTS).flatMap((first) =>
    Object.keys(ACTS).map((second): [string, string] => [first, second])
  );

  it.each(pairs)("C6 one %s, two %s: the tenant keeps one of them", async (first, second) => {
    const tenant = await foundTenant();
    const outcome = await race(tenant, first, second, "commit");
    expect(outcome).toBe(AFTERWARDS[first]?.[second]);
    expect(await ownersOf(tenant)).toBe(1);
  });

  it.each(Object.keys(ACTS))("C6 one %s and takes it back: two does the same and succeeds", async (act) => {
    const tenant = await foundTenant();
    expect(await race(tenant, act, act, "rollback")).toBe("done");
    expect(await ownersOf(tenant)).toBe(1);
  });

  it("C2 C6 the first one leaves while an administrator of the platform deactivates the other", async () => {
    const admin = await openCaller(database, "platform");
    await database.sql`insert into private.platform_admins (user_id) values (${admin.id})`;
    const [leaver, other] = [await openCaller(database, "leaver"), await openCaller(database, "other")];
    const tenant = await foundTenant([leaver, other]);
    await leaver.run("select public.leave_tenant($1)", [tenant]);
    const deactivation = admin.attempt("select public.set_user_active($1, false)", [other.id]);
    await admin.waitsFor(leaver);
    await leaver.finish("commit");
    expect(await deactivation).toBe("PT409");
    await Promise.all([admin, leaver, other].map((caller) => caller.close()));
    expect(await ownersOf(tenant)).toBe(1);
  });
});

describe("C6 members of a tenant change one after the other", () => {
  let three: Caller;

  beforeAll(async () => {
    three = await openCaller(database, "three");
  });
  afterAll(() => three.close());

  it("C6 who leaves waits before they hold anything that the one before them may need", async () => {
    const tenant = await foundTenant([one, two, three]);
    await two.run("select public.change_member_role($1, $2, 'viewer')", [tenant, three.id]);
    const leaving = one.attempt("select public.leave_tenant($1)", [tenant]);
    await one.waitsFor(two);
    const removal = await two.attempt("select public.remove_member($1, $2)", [tenant, one.id]);
    await two.finish("commit");
    expect([removal, await leaving]).toEqual(["done", "PT404"]);
    await one.finish("commit");
    expect(await ownersOf(tenant)).toBe(1);
  });

  it("C6 two who hand each other a tenant do so one after the other", async () => {
    const [low, high] = one.id < two.id ? [one, two] : [two, one];
    const transfer = "select public.transfer_ownership($1, $2)";
    const [ofLow, ofHigh, ofThree] = [await foundTenant(), await foundTenant(), await foundTenant([high, three])];
    // Both of them are on their way when the one whose turn is second is held up elsewhere.
    await three.run("select public.change_member_role($1, $2, 'viewer')", [ofThree, high.id]);
    const first = low.attempt(transfer, [ofLow, high.id]);
    await low.waitsFor(three);
    const second = high.attempt(transfer, [ofHigh, low.id]);
    await high.waitsFor(low);
    await three.finish("commit");
    const outcome = await first;
    await low.finish("commit");
    expect([outcome, await second]).toEqual(["done", "done"]);
    await high.finish("commit");
    expect([await ownersOf(ofLow), await ownersOf(ofHigh)]).toEqual([1, 1]);
  });

  it.each([
    ["leaves", "select public.leave_tenant($1)"],
    ["hands over", "select public.transfer_ownership($1, $2)"],
  ])("C6 who %s holds up nobody in another tenant", async (_, statement) => {
    const [tenant, elsewhere] = [await foundTenant([one, three]), await foundTenant([one, two])];
    expect(await one.attempt(statement, statement.includes("$2") ? [tenant, three.id] : [tenant])).toBe("done");
    await two.run("set local lock_timeout = '1s'");
    const outcome = await two.attempt("select public.leave_tenant($1)", [elsewhere]);
    await Promise.all([one.finish("commit"), two.finish("commit")]);
    expect(outcome).toBe("done");
    expect([await ownersOf(tenant), await ownersOf(elsewhere)]).toEqual([1, 1]);
  });
});

/** The first act is done and not committed when the second one begins, and waits. */
async function race(tenant: string, first: string, second: string, how: "commit" | "rollback"): Promise<string> {
  const [statement, ...parameters] = actOf(first)(one, two, tenant);
  await one.run(statement, parameters);
  const [answer, ...values] = actOf(second)(two, one, tenant);
  const outcome = two.attempt(answer, values);
  await two.waitsFor(one);
  await one.finish(how);
  const code = await outcome;
  await two.finish("commit");
  return code;
}

function actOf(name: string): Act {
  const act = ACTS[name];
  if (act === undefined) throw new Error(`There is no act ${name}.`);
  return act;
}

function foundTenant(owners: readonly Caller[] = [one, two]): Promise<string> {
  return tenantOf(database, ...owners.map((person) => [person, "owner"] as const));
}

async function ownersOf(tenant: string): Promise<number> {
  const rows = await database.sql`
    select from public.memberships as m join public.users as u on u.id = m.user_id and u.is_active
    where m.tenant_id = ${tenant} and m.role = 'owner' and m.status = 'active'
  `;
  return rows.length;
}
