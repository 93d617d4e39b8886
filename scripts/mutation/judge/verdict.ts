import type { Mutant } from "../mutants/mutant.ts";
import type { Level } from "../suite/test-file.ts";

/** What became of a mutant. */
export interface Verdict {
  readonly mutant: Mutant;
  /** Which kind of test noticed it, if any did; stillborn when it could not be made. */
  readonly by: Level | "nothing" | "stillborn";
  /** The file that noticed it. */
  readonly file: string | null;
  /** What the test, or the database, said. */
  readonly message: string | null;
}
