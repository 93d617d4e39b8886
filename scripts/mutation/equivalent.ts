/**
 * Mutants that change nothing anybody could notice, each with the reason. A name that no mutant has, and
 * a mutant that a test notices after all, fail the run.
 */
export const EQUIVALENT: Readonly<Record<string, string>> = {};
