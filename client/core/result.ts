import type { RowhouseError } from "./rowhouse-error.ts";

/** What an operation returns: one of the two, and it never rejects. */
export type Result<T> =
  | { readonly data: T; readonly error: null }
  | { readonly data: null; readonly error: RowhouseError };

/**
 * A result that went well.
 *
 * @param data - what is returned
 */
export function success<T>(data: T): Result<T> {
  return { data, error: null };
}

/**
 * A result that did not.
 *
 * @param error - why
 */
export function failure(error: RowhouseError): Result<never> {
  return { data: null, error };
}

/**
 * For scripts and jobs, where a failure ends the work: the data, or the error thrown.
 *
 * @param result - what an operation returns, or its promise
 * @returns the data
 * @throws RowhouseError the error of the result
 */
export async function orThrow<T>(result: Result<T> | PromiseLike<Result<T>>): Promise<T> {
  const { data, error } = await result;
  if (error !== null) throw error;
  return data;
}
