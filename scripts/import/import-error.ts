/** Every way `npm run import` fails as a whole; what is wrong with one file stands in its report. */
export type ImportErrorCode =
  | "usage"
  | "no_connection"
  | "other_schema"
  | "unknown_tenant"
  | "tenant_closed"
  | "nothing_found"
  | "not_confirmed"
  | "interrupted"
  | "failed";

/** What a script sees when there is no result. 0 and 1 are results. */
export const EXIT_CODES: Readonly<Record<ImportErrorCode, number>> = {
  no_connection: 3,
  usage: 4,
  unknown_tenant: 4,
  tenant_closed: 4,
  nothing_found: 4,
  not_confirmed: 4,
  other_schema: 5,
  failed: 5,
  interrupted: 130,
};

/** The error of the import; its message is for a person and says what to do. */
export class ImportError extends Error {
  override readonly name = "ImportError";
  readonly code: ImportErrorCode;

  constructor(code: ImportErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
  }
}
