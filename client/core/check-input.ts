import { z } from "zod";
import { failure, type Result } from "./result.ts";
import { type InputIssue, RowhouseError } from "./rowhouse-error.ts";

/**
 * Checks what is to be sent, and sends it only when it is right.
 *
 * @param shape - what it must be
 * @param input - what the caller gave
 * @param send - gets it, checked
 * @returns what `send` returns, or `invalid_input` with every issue
 */
export async function withInput<T, R>(
  shape: z.ZodType<T>,
  input: unknown,
  send: (input: T) => Promise<Result<R>>,
): Promise<Result<R>> {
  const read = shape.safeParse(input);
  return read.success ? await send(read.data) : failure(invalidInput(read.error));
}

/**
 * The error of a value that is not sent.
 *
 * @param error - what zod found
 * @returns `invalid_input`; its message names the first value that is wrong
 */
export function invalidInput(error: z.ZodError): RowhouseError {
  const issues = error.issues.map(({ path, message }): InputIssue => ({
    path: path.map((part) => (typeof part === "number" ? part : String(part))),
    message,
  }));
  const [first] = issues;
  const place = first === undefined || first.path.length === 0 ? "input" : first.path.join(".");
  return new RowhouseError("invalid_input", `${place}: ${first?.message ?? "is wrong"}`, { issues, cause: error });
}
