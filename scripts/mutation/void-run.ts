/** A run that proves nothing: the suite fails without any mutant, or a change that changes nothing is noticed. */
export class VoidRun extends Error {
  /** What went wrong, in lines to print. */
  readonly lines: readonly string[];

  constructor(message: string, lines: readonly string[]) {
    super(message);
    this.name = "VoidRun";
    this.lines = lines;
  }
}
