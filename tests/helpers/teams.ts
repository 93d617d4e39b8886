import { randomUUID } from "node:crypto";
import { dataOf, succeeds } from "./answers.ts";
import { type Person, signUp } from "./people.ts";

/** The roles in a tenant, lowest to highest. */
export const ROLES = ["customer", "viewer", "member", "manager", "admin", "owner"] as const;

/** A role in a tenant. */
export type Role = (typeof ROLES)[number];

/** A fresh tenant with one person in each role. */
export type Team = { readonly tenant: string } & Readonly<Record<Role, Person>>;

/**
 * Makes a tenant, as an app would.
 *
 * @param owner - who makes and then owns it
 * @param name - its name
 * @returns its id
 */
export function foundTenant(owner: Person, name = "Test tenant"): Promise<string> {
  return dataOf(owner.client.rpc("create_tenant", { name, slug: freshSlug() }));
}

/**
 * A slug that nobody has.
 *
 * @returns the slug
 */
export function freshSlug(): string {
  return `test-${randomUUID().replaceAll("-", "")}`;
}

/**
 * Invites somebody.
 *
 * @param host - an admin or owner
 * @param tenant - the tenant
 * @param email - whom
 * @param role - as what
 * @param branches - confined to these
 * @returns the token
 */
export async function invite(
  host: Person,
  tenant: string,
  email: string,
  role: string,
  branches?: string[],
): Promise<string> {
  const [offer] = await dataOf(
    host.client.rpc("invite_member", {
      tenant_id: tenant,
      email,
      role,
      ...(branches === undefined ? {} : { branch_ids: branches }),
    }),
  );
  if (offer === undefined) throw new Error("The invitation has no token.");
  return offer.token;
}

/**
 * Brings somebody into a tenant by invitation and acceptance.
 *
 * @param host - an admin or owner
 * @param tenant - the tenant
 * @param guest - who joins
 * @param role - as what
 * @param branches - confined to these
 */
export async function bringIn(
  host: Person,
  tenant: string,
  guest: Person,
  role: string,
  branches?: string[],
): Promise<void> {
  const token = await invite(host, tenant, guest.email, role, branches);
  await succeeds(guest.client.rpc("accept_invitation", { token }));
}

/**
 * Makes a tenant with a fresh person in every role.
 *
 * @returns the team
 */
export async function foundTeam(): Promise<Team> {
  const [customer, viewer, member, manager, admin, owner] = await Promise.all([
    signUp("customer"),
    signUp("viewer"),
    signUp("member"),
    signUp("manager"),
    signUp("admin"),
    signUp("owner"),
  ]);
  const tenant = await foundTenant(owner);
  const guests: [Role, Person][] = [
    ["customer", customer],
    ["viewer", viewer],
    ["member", member],
    ["manager", manager],
    ["admin", admin],
  ];
  for (const [role, person] of guests) await bringIn(owner, tenant, person, role);
  return { tenant, customer, viewer, member, manager, admin, owner };
}

/**
 * Begins a conversation.
 *
 * @param person - who begins it
 * @param tenant - where
 * @param title - its title
 * @returns its id
 */
export async function beginConversation(person: Person, tenant: string, title = "A conversation"): Promise<string> {
  const row = await dataOf(
    person.client.from("conversations").insert({ tenant_id: tenant, title }).select("id").single(),
  );
  return row.id;
}

/**
 * Says something in a conversation.
 *
 * @param person - who says it
 * @param tenant - where
 * @param conversation - in which conversation
 * @param content - what
 * @returns the id of the message
 */
export async function say(person: Person, tenant: string, conversation: string, content = "Hello."): Promise<string> {
  const row = await dataOf(
    person.client
      .from("messages")
      .insert({ tenant_id: tenant, conversation_id: conversation, role: "user", content })
      .select("id")
      .single(),
  );
  return row.id;
}
