/** Every way `npm run db` refuses or fails. */
export type DbErrorCode = "usage" | "no_connection" | "other_schema" | "not_confirmed" | "interrupted" | "failed";

/** What a script sees when there is no result. 0, 1 and 2 are results. */
export const EXIT_CODES: Readonly<Record<DbErrorCode, number>> = {
  no_connection: 3,
  usage: 4,
  not_confirmed: 4,
  other_schema: 5,
  failed: 5,
  interrupted: 130,
};

/** The error of the `db` commands; its message is for a person and says what to do. */
export class DbError extends Error {
  override readonly name = "DbError";
  readonly code: DbErrorCode;

  constructor(code: DbErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
  }
}
