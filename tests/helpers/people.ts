import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { type JWTPayload, SignJWT } from "jose";
import { randomUUID } from "node:crypto";
import type { Database } from "../../types/database.ts";
import { readStack } from "./stack.ts";

/** supabase-js over the generated types. */
export type Client = SupabaseClient<Database>;

/** Somebody with an account, signed in. */
export interface Person {
  readonly client: Client;
  readonly id: string;
  readonly email: string;
  readonly token: string;
}

/** The password of everybody the tests sign up. */
export const PASSWORD = "correct horse battery staple";

const DEMO_PASSWORD = "rowhouse-demo";

/**
 * Signs a fresh person up, as an app would.
 *
 * @param name - what the person is called in the test; part of the address
 * @returns the person, signed in
 */
export async function signUp(name = "person"): Promise<Person> {
  const client = visitor();
  const email = `${name}-${randomUUID().replaceAll("-", "")}@example.test`;
  const { data, error } = await client.auth.signUp({ email, password: PASSWORD });
  if (error !== null) throw error;
  if (data.session === null || data.user === null) throw new Error(`${email} got no session at sign-up.`);
  return { client, id: data.user.id, email, token: data.session.access_token };
}

/**
 * Signs a demo user of the seeds in.
 *
 * @param email - such as `owner@acme.test`
 * @returns the person
 */
export async function signIn(email: string): Promise<Person> {
  const client = visitor();
  const { data, error } = await client.auth.signInWithPassword({ email, password: DEMO_PASSWORD });
  if (error !== null) throw error;
  return { client, id: data.user.id, email, token: data.session.access_token };
}

/**
 * Somebody who is not signed in.
 *
 * @returns a client with the publishable key only
 */
export function visitor(): Client {
  return clientWith(readStack().publishable_key);
}

/**
 * The service role.
 *
 * @returns a client with the secret key
 */
export function asService(): Client {
  return clientWith(readStack().secret_key);
}

/**
 * A client that sends a token of one's own making.
 *
 * @param token - the bearer token
 * @returns a client with the publishable key and this token
 */
export function withToken(token: string): Client {
  return createClient<Database>(readStack().api_url, readStack().publishable_key, {
    accessToken: async () => token,
  });
}

/**
 * A token as the auth server would sign it, with any claims.
 *
 * @param claims - the payload; `role` and `aud` are `authenticated` unless named
 * @param options - lifetime in seconds (negative: expired) and another secret
 * @returns the token
 */
export function mintToken(claims: JWTPayload, options: { lifetime?: number; secret?: string } = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ role: "authenticated", aud: "authenticated", ...claims })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setIssuedAt(now)
    .setExpirationTime(now + (options.lifetime ?? 3600))
    .sign(new TextEncoder().encode(options.secret ?? readStack().jwt_secret));
}

function clientWith(key: string): Client {
  return createClient<Database>(readStack().api_url, key, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
  });
}
