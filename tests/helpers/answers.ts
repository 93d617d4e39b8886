import { expect } from "vitest";

interface Failure {
  readonly code?: string;
  readonly message: string;
  readonly details?: string | null;
  readonly hint?: string | null;
}

interface Outcome<T> {
  readonly data: T;
  readonly error: Failure | null;
}

/**
 * The data of a call that must succeed.
 *
 * @param outcome - what supabase-js returned, or its promise
 * @returns the data
 */
export async function dataOf<T>(outcome: PromiseLike<Outcome<T>>): Promise<NonNullable<T>> {
  const { data, error } = await outcome;
  if (error !== null) throw new Error(`${error.code ?? ""} ${error.message} ${error.details ?? ""}`.trim());
  if (data === null || data === undefined) throw new Error("The call succeeded without data.");
  return data;
}

/**
 * A call that must succeed and returns nothing.
 *
 * @param outcome - what supabase-js returned, or its promise
 */
export async function succeeds(outcome: PromiseLike<Outcome<unknown>>): Promise<void> {
  const { error } = await outcome;
  if (error !== null) throw new Error(`${error.code ?? ""} ${error.message} ${error.details ?? ""}`.trim());
}

/**
 * A call that must be refused with exactly this code.
 *
 * @param outcome - what supabase-js returned, or its promise
 * @param code - SQLSTATE or PostgREST's code
 * @param message - what the message must say
 */
export async function isRefused(outcome: PromiseLike<Outcome<unknown>>, code: string, message?: RegExp): Promise<void> {
  const { data, error } = await outcome;
  expect(error, `was not refused, answered ${JSON.stringify(data)}`).not.toBeNull();
  expect(error?.code, error?.message).toBe(code);
  if (message !== undefined) expect(error?.message).toMatch(message);
}
