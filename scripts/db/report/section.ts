import type { ColumnKind } from "./format-value.ts";

/** A column of a section. */
export interface Column {
  /** As the function names it. */
  readonly name: string;
  readonly title: string;
  readonly kind: ColumnKind;
}

/** A table of the report, read from one function of schema ops. */
export interface Section {
  readonly title: string;
  /** One or two sentences: how to read it. */
  readonly about: string;
  readonly function: string;
  readonly columns: readonly Column[];
  /** SQL; the function's row is `t`. */
  readonly where?: string;
  readonly order: string;
}

/**
 * Makes a column.
 *
 * @param name - as the function names it
 * @param title - its heading
 * @param kind - how its values are written
 * @returns the column
 */
export function column(name: string, title: string, kind: ColumnKind = "text"): Column {
  return { name, title, kind };
}
