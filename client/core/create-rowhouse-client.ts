import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import type { RowhouseDatabase } from "./rowhouse-database.ts";
import { RowhouseError } from "./rowhouse-error.ts";
import { id } from "./shapes.ts";

/** supabase-js over the types of Rowhouse. */
export type RowhouseClient = SupabaseClient<RowhouseDatabase>;

/** Settings of a client. */
export interface RowhouseClientOptions {
  /** The token of a user whose session is kept elsewhere; without it supabase-js keeps one itself. */
  readonly accessToken?: () => Promise<string>;
  /** Whether the session outlives the page; in a browser. Default false. */
  readonly persistSession?: boolean;
  readonly fetch?: typeof fetch;
}

/** A client that works in one tenant. What it may do there is decided by the database. */
export interface TenantClient {
  readonly client: RowhouseClient;
  readonly tenantId: string;
}

/**
 * Makes a client: for a user with the publishable key, for a worker with the secret key.
 *
 * @param supabaseUrl - such as `https://<ref>.supabase.co`
 * @param key - the publishable key; the secret key opens everything and belongs in no browser
 * @param options - see RowhouseClientOptions
 * @returns the client
 * @throws RowhouseError `misconfigured` for an address or a key that is none
 */
export function createRowhouseClient(
  supabaseUrl: string,
  key: string,
  options: RowhouseClientOptions = {},
): RowhouseClient {
  if (!/^https?:\/\//.test(supabaseUrl) || !URL.canParse(supabaseUrl)) {
    throw new RowhouseError("misconfigured", "The project's address is not https://<ref>.supabase.co.");
  }
  if (key === "") throw new RowhouseError("misconfigured", "The key is empty.");
  const { accessToken, persistSession = false } = options;
  return createClient<RowhouseDatabase>(supabaseUrl, key, {
    ...(options.fetch === undefined ? {} : { global: { fetch: options.fetch } }),
    // With a token from elsewhere supabase-js has no session to keep.
    ...(accessToken === undefined
      ? { auth: { persistSession, autoRefreshToken: persistSession, detectSessionInUrl: persistSession } }
      : { accessToken }),
  });
}

/**
 * Names the tenant that the following operations work in.
 *
 * @param client - the client
 * @param tenantId - the tenant
 * @returns both
 * @throws RowhouseError `misconfigured` for an id that is none
 */
export function inTenant(client: RowhouseClient, tenantId: string): TenantClient {
  if (!id.safeParse(tenantId).success) throw new RowhouseError("misconfigured", "The tenant's id is no uuid.");
  return { client, tenantId };
}
