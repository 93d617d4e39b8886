import { createClient } from "@supabase/supabase-js";
import { describe, expect, it } from "vitest";
import { dataOf, isRefused, succeeds } from "../helpers/answers.ts";
import { mintToken, PASSWORD, signIn, signUp, visitor, withToken } from "../helpers/people.ts";
import { openSql } from "../helpers/sql.ts";
import { readStack } from "../helpers/stack.ts";
import { beginConversation, bringIn, foundTeam, foundTenant, freshSlug, invite } from "../helpers/teams.ts";

const sql = openSql();

describe("C2 a profile", () => {
  it("C2 comes with the account, in lower case, and belongs to its user", async () => {
    const client = visitor();
    const email = `Mixed.Case-${Date.now()}@Example.Test`;
    const { data, error } = await client.auth.signUp({
      email,
      password: PASSWORD,
      options: { data: { full_name: "  Mia Case ", avatar_url: "javascript:alert(1)", tenant_id: "x", role: "owner" } },
    });
    expect(error).toBeNull();
    const [row] = await dataOf(client.from("users").select("*"));
    expect(row).toMatchObject({
      id: data.user?.id,
      email: email.toLowerCase(),
      full_name: "Mia Case",
      avatar_url: null,
      is_active: true,
    });
    expect(await dataOf(client.rpc("my_memberships"))).toEqual([]);
    await succeeds(client.from("users").update({ full_name: "Mia" }).eq("id", row?.id ?? ""));
    expect(await dataOf(client.from("users").select("full_name"))).toEqual([{ full_name: "Mia" }]);
  });

  it.each([
    ["a name of the wrong kind", { full_name: { deep: [1, 2] } }],
    ["a name too long", { full_name: "n".repeat(5_000) }],
    ["an address too long", { avatar_url: `https://example.test/${"a".repeat(5_000)}` }],
    ["numbers", { full_name: 7, avatar_url: 8 }],
  ])("C2 sign-up never fails by %s", async (_, data) => {
    const client = visitor();
    const email = `odd-${freshSlug()}@example.test`;
    const { error } = await client.auth.signUp({ email, password: PASSWORD, options: { data } });
    expect(error).toBeNull();
    expect(await dataOf(client.from("users").select("email"))).toEqual([{ email }]);
  });

  it("C2 is seen by colleagues from viewer up and changed by none of them", async () => {
    const { viewer, owner } = await foundTeam();
    expect(await dataOf(viewer.client.from("users").select("id"))).toHaveLength(6);
    const change = owner.client.from("users").update({ full_name: "Renamed" });
    expect(await dataOf(change.eq("id", viewer.id).select("id"))).toEqual([]);
    await isRefused(viewer.client.from("users").update({ avatar_url: "ftp://x" }).eq("id", viewer.id), "23514");
  });

  it("C2 goes with its account, and what the person wrote stays without their name", async () => {
    const { tenant, member, viewer } = await foundTeam();
    const conversation = await beginConversation(member, tenant, "Stays");
    await sql`delete from auth.users where id = ${member.id}`;
    const row = await dataOf(
      viewer.client.from("conversations").select("title, user_id").eq("id", conversation).single(),
    );
    expect(row).toEqual({ title: "Stays", user_id: null });
    // Their token is still good for an hour.
    expect(await dataOf(member.client.from("conversations").select("id"))).toEqual([]);
    await isRefused(member.client.rpc("create_tenant", { name: "Ghost", slug: freshSlug() }), "42501");
  });
});

describe("C2 a deactivated user", () => {
  it("C2 C10 sees and does nothing from the next request on, with the token of before, until activated again", async () => {
    const { tenant, member, owner } = await foundTeam();
    const platform = await signIn("platform@rowhouse.test");
    const guestToken = await invite(owner, await foundTenant(owner), member.email, "viewer");
    await beginConversation(member, tenant);
    await isRefused(owner.client.rpc("set_user_active", { user_id: member.id, is_active: false }), "42501");
    await succeeds(platform.client.rpc("set_user_active", { user_id: member.id, is_active: false }));

    const { client } = member;
    for (const table of ["tenants", "conversations", "memberships", "users"] as const) {
      expect(await dataOf(client.from(table).select("id")), table).toEqual([]);
    }
    expect(await dataOf(client.rpc("my_memberships"))).toEqual([]);
    await isRefused(client.from("conversations").insert({ tenant_id: tenant }), "42501");
    await isRefused(client.rpc("create_tenant", { name: "Mine", slug: freshSlug() }), "42501", /not active/);
    await isRefused(client.rpc("accept_invitation", { token: guestToken }), "42501", /not active/);
    await isRefused(client.rpc("increment_usage", { tenant_id: tenant }), "PT404");
    expect(await dataOf(client.from("users").update({ full_name: "Me" }).eq("id", member.id).select("id"))).toEqual([]);

    await succeeds(platform.client.rpc("set_user_active", { user_id: member.id, is_active: true }));
    expect(await dataOf(client.from("conversations").select("id"))).toHaveLength(1);
  });

  it("C6 the last owner of a tenant is not deactivated", async () => {
    const { owner, viewer } = await foundTeam();
    const platform = await signIn("platform@rowhouse.test");
    await isRefused(platform.client.rpc("set_user_active", { user_id: owner.id, is_active: false }), "PT409");
    expect(await dataOf(viewer.client.from("users").select("is_active").eq("id", owner.id))).toEqual([{
      is_active: true,
    }]);
  });

  // The one locks the person first, the other the tenant: done carelessly, each waits for the other.
  it("C2 S6 deactivating and removing somebody at the same moment both succeed", async () => {
    const { tenant, owner } = await foundTeam();
    const platform = await signIn("platform@rowhouse.test");
    for (let round = 0; round < 15; round += 1) {
      const person = await signUp("person");
      await bringIn(owner, tenant, person, "member");
      const outcomes = await Promise.all([
        platform.client.rpc("set_user_active", { user_id: person.id, is_active: false }),
        owner.client.rpc("remove_member", { tenant_id: tenant, user_id: person.id }),
      ]);
      expect(outcomes.map(({ error }) => error), `round ${round}`).toEqual([null, null]);
    }
  });
});

describe("C6 somebody without an account of their own", () => {
  it("C6 S6 an anonymous sign-in makes no tenant and accepts no invitation", async () => {
    const person = await signUp("anonymous");
    const nobody = withToken(await mintToken({ sub: person.id, is_anonymous: true }));
    await isRefused(nobody.rpc("create_tenant", { name: "Mine", slug: freshSlug() }), "42501", /signed-in user/);
    await isRefused(nobody.rpc("accept_invitation", { token: "0".repeat(64) }), "42501", /signed-in user/);
    const somebody = withToken(await mintToken({ sub: person.id, is_anonymous: false }));
    await succeeds(somebody.rpc("create_tenant", { name: "Mine", slug: freshSlug() }));
  });

  it("C2 nobody signs in with a wrong password", async () => {
    const person = await signUp("person");
    const client = createClient(readStack().api_url, readStack().publishable_key, { auth: { persistSession: false } });
    const { data, error } = await client.auth.signInWithPassword({ email: person.email, password: `${PASSWORD}!` });
    expect(data.session).toBeNull();
    expect(error?.status).toBe(400);
  });
});
