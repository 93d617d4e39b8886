import { expect } from "vitest";
import {
  createRowhouseClient,
  inTenant,
  type RowhouseClient,
  type TenantClient,
} from "../../client/core/create-rowhouse-client.ts";
import type { Result } from "../../client/core/result.ts";
import type { RowhouseErrorCode } from "../../client/core/rowhouse-error.ts";
import type { Person } from "./people.ts";
import { readStack } from "./stack.ts";

/**
 * Somebody at work in a tenant, through the client that ships.
 *
 * @param person - who
 * @param tenant - where
 */
export function at(person: Person, tenant: string): TenantClient {
  const { api_url, publishable_key } = readStack();
  const client = createRowhouseClient(api_url, publishable_key, { accessToken: () => Promise.resolve(person.token) });
  return inTenant(client, tenant);
}

/** The service role, through the client that ships. */
export function serviceClient(): RowhouseClient {
  const { api_url, secret_key } = readStack();
  return createRowhouseClient(api_url, secret_key);
}

/**
 * A call that must be refused with exactly this code.
 *
 * @param result - what an operation returns
 * @param code - the code
 * @param message - what the message must say
 */
export async function fails(result: Promise<Result<unknown>>, code: RowhouseErrorCode, message?: RegExp): Promise<void> {
  const { data, error } = await result;
  expect(error, `was not refused, answered ${JSON.stringify(data)}`).not.toBeNull();
  expect(error?.code, error?.message).toBe(code);
  if (message !== undefined) expect(error?.message).toMatch(message);
}
