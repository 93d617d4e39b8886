import type { z } from "zod";
import { failure, type Result, success } from "./result.ts";
import { ANSWER_CODES, RowhouseError, type RowhouseErrorCode } from "./rowhouse-error.ts";

/** What supabase-js resolves with. */
export interface Answer<T> {
  readonly data: T;
  readonly error: {
    readonly code?: string;
    readonly message: string;
    readonly details?: string | null;
    readonly hint?: string | null;
  } | null;
  readonly status: number;
}

/**
 * Asks, and turns what comes back into a result.
 *
 * @param call - a query or call of supabase-js
 * @returns its data, or the error as a RowhouseError
 */
export async function ask<T>(call: PromiseLike<Answer<T>>): Promise<Result<NonNullable<T>>> {
  const result = await settle(call);
  if (result.error !== null) return result;
  const { data } = result;
  if (data === null || data === undefined) return failure(new RowhouseError("bad_answer", "The answer is empty."));
  return success(data);
}

/**
 * Asks for the one row of a table that is to be read or changed. Without one it answers as the database's functions do.
 *
 * @param call - a query that ends in maybeSingle()
 * @param what - what the row is called in the message
 * @returns the row
 */
export async function askForRow<T>(call: PromiseLike<Answer<T>>, what: string): Promise<Result<NonNullable<T>>> {
  const result = await settle(call);
  if (result.error !== null) return result;
  const { data } = result;
  if (data !== null && data !== undefined) return success(data);
  return failure(new RowhouseError("PT404", `There is no such ${what}, or it is not yours to change.`));
}

/**
 * Asks a function whose answer the generated types do not say exactly.
 *
 * @param call - a call of supabase-js
 * @param shape - what the answer must be
 * @returns the answer, checked
 */
export async function askShaped<T>(call: PromiseLike<Answer<unknown>>, shape: z.ZodType<T>): Promise<Result<T>> {
  const result = await settle(call);
  if (result.error !== null) return result;
  const read = shape.safeParse(result.data);
  if (read.success) return success(read.data);
  const message = "The answer is not what this version of the client expects.";
  return failure(new RowhouseError("bad_answer", message, { cause: read.error }));
}

/**
 * Calls a function that returns nothing.
 *
 * @param call - a call of supabase-js
 * @returns null, or why not
 */
export async function tell(call: PromiseLike<Answer<unknown>>): Promise<Result<null>> {
  const result = await settle(call);
  return result.error === null ? success(null) : result;
}

async function settle<T>(call: PromiseLike<Answer<T>>): Promise<Result<T>> {
  try {
    const { data, error, status } = await call;
    return error === null ? success(data) : failure(errorOf(error, status));
  } catch (cause) {
    // An access token that could not be had, or a fetch of the caller's own.
    return failure(new RowhouseError("no_answer", "The API was not reached.", { cause }));
  }
}

function errorOf(error: NonNullable<Answer<unknown>["error"]>, status: number): RowhouseError {
  const sqlState = error.code === undefined || error.code === "" ? null : error.code;
  const parts = { details: error.details ?? null, hint: error.hint ?? null, sqlState, cause: error };
  return new RowhouseError(codeOf(sqlState, status), error.message, parts);
}

function codeOf(sqlState: string | null, status: number): RowhouseErrorCode {
  const known = ANSWER_CODES.find((code) => code === sqlState);
  if (known !== undefined) return known;
  if (sqlState === null && status === 0) return "no_answer";
  return sqlState === null && status === 401 ? "unauthorized" : "unexpected";
}
