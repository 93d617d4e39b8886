/** What a mutant changes; the rows of the report. */
export const MUTANT_KINDS = [
  "policy",
  "row security",
  "grant on a relation",
  "grant on columns",
  "grant on a function",
  "grant on a schema",
  "function: condition",
  "function: step",
  "function: role",
  "function: lock",
  "function: rights",
  "trigger",
  "foreign key",
  "unique key",
  "check",
  "view",
] as const;

/** See MUTANT_KINDS. */
export type MutantKind = (typeof MUTANT_KINDS)[number];

/** One change to a database that has all migrations. */
export interface Mutant {
  /** Says what is changed, the same in every run: `policy public.notes tenant_select: dropped`. */
  readonly id: string;
  readonly kind: MutantKind;
  /** Mutants of one family are noticed by the same tests, as far as one can expect; the kind when left out. */
  readonly family?: string;
  /** Qualified names of what the change is about: the tests that know them are asked first. */
  readonly subjects: readonly string[];
  /** The change: one or several statements. */
  readonly sql: string;
  /**
   * What is replaced, when two mutants of it cannot be made together; null for a mutant that only adds
   * a right.
   */
  readonly replaces: string | null;
  /** The role of the API that it gives a right to; left out when it concerns all. */
  readonly role?: string;
  /** Whether it changes nothing, by the same statements: a test that notices it makes the run void. */
  readonly isControl?: boolean;
  /** Whether the object belongs to the platform, so that only a superuser can change it. */
  readonly needsSuperuser?: boolean;
}
