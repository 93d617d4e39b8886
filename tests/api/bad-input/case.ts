import type { RestRequest } from "../../helpers/http.ts";
import type { Person } from "../../helpers/people.ts";

/** What is there to be spoilt. */
export interface World {
  readonly owner: Person;
  readonly guest: Person;
  readonly tenant: string;
  readonly slug: string;
  readonly conversation: string;
  readonly archived: string;
  readonly message: string;
  readonly branch: string;
  readonly tokens: {
    readonly expired: string;
    readonly used: string;
    readonly revoked: string;
    readonly foreign: string;
  };
}

/** One bad request and the refusal it must get. */
export interface Case {
  readonly name: string;
  /** Sent with the owner's token unless it has another one. */
  readonly call: (world: World) => [string, RestRequest];
  readonly status: number | readonly number[];
  readonly code: string | RegExp;
  readonly message: RegExp;
}

/**
 * A call of a function.
 *
 * @param name - the function
 * @param body - its arguments
 * @returns path and request
 */
export function rpc(name: string, body: unknown): [string, RestRequest] {
  return post(`rpc/${name}`, body);
}

/**
 * An insert.
 *
 * @param path - the table
 * @param body - the rows
 * @returns path and request
 */
export function post(path: string, body: unknown): [string, RestRequest] {
  return [path, { method: "POST", body }];
}

/**
 * An update.
 *
 * @param path - the table and its filter
 * @param body - the changes
 * @returns path and request
 */
export function patch(path: string, body: unknown): [string, RestRequest] {
  return [path, { method: "PATCH", body }];
}

/**
 * A good message, with something changed.
 *
 * @param world - where it is said
 * @param changes - what makes it bad
 * @returns the row
 */
export function words(world: World, changes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { tenant_id: world.tenant, conversation_id: world.conversation, role: "user", content: "Words.", ...changes };
}
