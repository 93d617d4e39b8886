/** Every way `npm run seed` refuses or fails. Nothing is kept of what it made. */
export type SeedErrorCode =
  | "usage"
  | "no_target"
  | "not_confirmed"
  | "other_schema"
  | "already_there"
  | "untrue"
  | "failed";

/** The error of the generator. Its message is for a person; `detail` has a line for each thing that is wrong. */
export class SeedError extends Error {
  readonly code: SeedErrorCode;
  readonly detail: string | undefined;

  constructor(code: SeedErrorCode, message: string, detail?: string) {
    super(message);
    this.name = "SeedError";
    this.code = code;
    this.detail = detail;
  }
}
