import { z } from "zod";

const databaseError = z.object({
  code: z.string(),
  message: z.string(),
  detail: z.string().nullish(),
  hint: z.string().nullish(),
});

/** SQLSTATEs that @supabase/lite already answers as PostgREST does. */
const ANSWERED_BY_LITE = /^(PT|PGRST|42|22|21)|^(23502|23503|23505|25006)$/;

/** PostgREST's status of whole SQLSTATE classes (https://docs.postgrest.org, "Errors"); others are 400. */
const CLASS_STATUS: Readonly<Record<string, number>> = {
  "08": 503,
  "09": 500,
  "0L": 403,
  "0P": 403,
  "25": 500,
  "28": 403,
  "2D": 500,
  "38": 500,
  "39": 500,
  "3B": 500,
  "40": 500,
  "53": 503,
  "54": 500,
  "55": 500,
  "57": 500,
  "58": 500,
  F0: 500,
  HV: 500,
  P0: 500,
  XX: 500,
};

/** Failures to reach the database, as Node and postgres.js name them. */
const UNREACHABLE = /^(ECONN|EPIPE|CONNECTION_|CONNECT_TIMEOUT)/;

/**
 * PostgREST's HTTP status of an SQLSTATE that @supabase/lite would turn into a 500.
 *
 * @param code - five-character SQLSTATE
 * @returns the status
 */
export function statusOf(code: string): number {
  if (code === "P0001") return 400;
  // The server is going down or coming up.
  if (/^57P0[123]$/.test(code)) return 503;
  return CLASS_STATUS[code.slice(0, 2)] ?? 400;
}

/**
 * Turns a database error into what lite must throw to answer as PostgREST does. Lite answers some
 * classes with 500 and a code of its own; its one general form is code `PGRST` with the answer as
 * json in message and detail, which is also what functions raise to set a status.
 *
 * @param error - an error as lite normalised it
 * @returns the same error when lite answers it well, else the one to throw instead
 */
export function toPostgrestError(error: unknown): unknown {
  const parsed = databaseError.safeParse(asRecord(error));
  if (!parsed.success) return error;
  const { code, message, detail, hint } = parsed.data;
  if (UNREACHABLE.test(code)) {
    return answer(503, {
      code: "PGRST001",
      message: "The database does not answer. Trying again.",
      details: null,
      hint: null,
    });
  }
  if (code.length !== 5 || ANSWERED_BY_LITE.test(code)) return error;
  return answer(statusOf(code), { code, message, details: detail ?? null, hint: hint ?? null });
}

function answer(status: number, body: object): Error {
  const detail = JSON.stringify({ status, headers: {} });
  return Object.assign(new Error(JSON.stringify(body)), { code: "PGRST", detail });
}

function asRecord(error: unknown): object {
  // An Error's message is not among its own enumerable properties.
  return typeof error === "object" && error !== null
    ? { ...error, message: "message" in error ? error.message : "" }
    : {};
}
