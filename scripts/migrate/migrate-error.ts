/** Every way `npm run migrate` and what follows from the migrations refuse or fail, for callers that react to one of them. */
export type MigrateErrorCode =
  | "usage"
  | "no_target"
  | "not_confirmed"
  | "locked"
  | "bad_file"
  | "out_of_step"
  | "migration_failed"
  | "rollback_missing"
  | "rollback_failed"
  | "irreversible"
  | "seed_failed"
  | "cli_failed"
  | "matrix_failed";

/**
 * The error of the migration commands. Its message is for a person and says what to do; `detail`
 * holds what the database or the Supabase CLI said, if anything.
 */
export class MigrateError extends Error {
  readonly code: MigrateErrorCode;
  readonly detail: string | undefined;

  constructor(code: MigrateErrorCode, message: string, detail?: string) {
    super(message);
    this.name = "MigrateError";
    this.code = code;
    this.detail = detail;
  }
}
