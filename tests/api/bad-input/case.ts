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
  readonly workflow: string;
  readonly task: string;
  readonly component: string;
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

/** What is wrong with a request, and what the message names: a constraint, a type. */
export type Fault = readonly [what: string, values: Readonly<Record<string, unknown>>, named: string];

/** A good request, with something changed. */
export type Call = (world: World, values: Readonly<Record<string, unknown>>) => [string, RestRequest];

/**
 * A case in one line.
 *
 * @param name - what is tried
 * @param call - the request
 * @param status - of HTTP
 * @param code - SQLSTATE or PostgREST's code
 * @param message - what the message says
 * @returns the case
 */
export function refusal(name: string, call: Case["call"], status: number, code: string, message: RegExp): Case {
  return { name, call, status, code, message };
}

/**
 * Values that checks refuse.
 *
 * @param what - what has them
 * @param call - the request that is good without them
 * @param faults - the values, each with its constraint
 * @returns a case for each
 */
export function checked(what: string, call: Call, faults: readonly Fault[]): Case[] {
  return faults.map(([fault, values, constraint]) => {
    const message = new RegExp(`violates check constraint "${constraint}"$`);
    return refusal(`${what} ${fault}`, (world) => call(world, values), 400, "23514", message);
  });
}

/**
 * Values of another type.
 *
 * @param what - what has them
 * @param call - the request that is good without them
 * @param faults - the values, each with the type that they are not of
 * @returns a case for each
 */
export function mistyped(what: string, call: Call, faults: readonly Fault[]): Case[] {
  return faults.map(([fault, values, type]) => {
    const message = new RegExp(`^invalid input syntax for type ${type}: ".*"$`);
    return refusal(`${what} ${fault}`, (world) => call(world, values), 400, "22P02", message);
  });
}
