/** One thing wrong with a request's body. */
export interface Issue {
  readonly code: string;
  /** Where in the body, `["views", 1]` for the second view. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** HTTP status by code. A new kind of failure is a line here and a line in the README. */
const STATUS = {
  unauthorized: 401,
  method_not_allowed: 405,
  maintenance_is_running: 409,
  body_too_large: 413,
  unsupported_media_type: 415,
  invalid_body: 422,
  internal_error: 500,
  misconfigured: 500,
  some_views_failed: 500,
  alerts_not_sent: 502,
  some_steps_failed: 500,
  database_unavailable: 503,
} as const;

/** Every way an edge function refuses or gives up. */
export type FunctionErrorCode = keyof typeof STATUS;

/** What an error may carry beside its code and message. */
export interface FunctionErrorDetails {
  readonly issues?: readonly Issue[];
  readonly headers?: Readonly<Record<string, string>>;
  /** What was done nevertheless; stands beside `error` in the answer. */
  readonly result?: Readonly<Record<string, unknown>>;
  /** The reason, for the log alone. */
  readonly cause?: unknown;
}

/** The error of the edge functions. Its message reaches the caller, so it never quotes a reason. */
export class FunctionError extends Error {
  override readonly name = "FunctionError";
  readonly code: FunctionErrorCode;
  readonly details: FunctionErrorDetails;

  constructor(code: FunctionErrorCode, message: string, details: FunctionErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return STATUS[this.code];
  }
}
