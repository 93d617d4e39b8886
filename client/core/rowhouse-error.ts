/** Codes that the database and its API answer with: those of docs/error-codes.md that come with an HTTP status. */
export const ANSWER_CODES = [
  "PT400",
  "PT404",
  "PT409",
  "PT410",
  "22003",
  "22004",
  "22007",
  "22008",
  "22021",
  "22023",
  "22P02",
  "22P05",
  "2201B",
  "23502",
  "23503",
  "23505",
  "23514",
  "25006",
  "40P01",
  "42501",
  "42601",
  "42703",
  "42804",
  "54001",
  "55000",
  "55P03",
  "57014",
  "XX001",
  "PGRST001",
  "PGRST100",
  "PGRST102",
  "PGRST103",
  "PGRST105",
  "PGRST106",
  "PGRST107",
  "PGRST116",
  "PGRST123",
  "PGRST200",
  "PGRST202",
  "PGRST204",
  "PGRST205",
  "PGRST301",
  "PGRST303",
] as const;

/**
 * Every way a call ends badly. `invalid_input`: refused here, nothing was sent. `no_answer`: the API was not reached.
 * `bad_answer`: it answered something else than this version expects. `unauthorized`: no valid key. `unexpected`: a code
 * that docs/error-codes.md does not name; `sqlState` has it.
 */
export type RowhouseErrorCode =
  | (typeof ANSWER_CODES)[number]
  | "misconfigured"
  | "invalid_input"
  | "no_answer"
  | "bad_answer"
  | "unauthorized"
  | "unexpected";

/** What is wrong with one value that was to be sent. */
export interface InputIssue {
  /** Where, such as `["steps", 3, "target"]`. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What an error says besides its code and message. */
export interface RowhouseErrorParts {
  /** The values in question. */
  readonly details?: string | null;
  /** The way out. */
  readonly hint?: string | null;
  readonly issues?: readonly InputIssue[];
  /** The code as it was answered. */
  readonly sqlState?: string | null;
  readonly cause?: unknown;
}

/** The error of the client. Its message is for people; test for the code. */
export class RowhouseError extends Error {
  override readonly name = "RowhouseError";
  readonly code: RowhouseErrorCode;
  readonly details: string | null;
  readonly hint: string | null;
  /** Of `invalid_input`: every value that is wrong. */
  readonly issues: readonly InputIssue[];
  readonly sqlState: string | null;

  constructor(code: RowhouseErrorCode, message: string, parts: RowhouseErrorParts = {}) {
    super(message, parts.cause === undefined ? {} : { cause: parts.cause });
    this.code = code;
    this.details = parts.details ?? null;
    this.hint = parts.hint ?? null;
    this.issues = parts.issues ?? [];
    this.sqlState = parts.sqlState ?? null;
  }
}
