import type { Database } from "../../types/database.ts";
import { VALUE_SETS } from "../../types/value-sets.ts";

type Sets = typeof VALUE_SETS;
type Public = Database["public"];

/** A table of the API. */
export type TableName = keyof Public["Tables"];

/** The values that a check allows in a column, such as `Value<"ai_generations", "status">`. */
export type Value<Table extends keyof Sets, Column extends keyof Sets[Table]> =
  Sets[Table][Column] extends readonly (infer V)[] ? V : never;

// A text becomes the union of what its check allows, and keeps its null.
type Narrow<Table, Columns> = Table extends keyof Sets
  ? {
    [Column in keyof Columns]: Column extends keyof Sets[Table]
      ? Value<Table, Column> | Exclude<Columns[Column], string>
      : Columns[Column];
  }
  : Columns;

type NarrowTables<Tables> = {
  [Name in keyof Tables]: {
    [Part in keyof Tables[Name]]: Part extends "Row" | "Insert" | "Update" ? Narrow<Name, Tables[Name][Part]>
      : Tables[Name][Part];
  };
};

/** The generated types, with every column of a closed set as the union of its values. */
export type RowhouseDatabase = Omit<Database, "public"> & {
  public: Omit<Public, "Tables"> & { Tables: NarrowTables<Public["Tables"]> };
};

/** A row as it is read. */
export type Row<Table extends TableName> = RowhouseDatabase["public"]["Tables"][Table]["Row"];

/** A row of a view. */
export type ViewRow<View extends keyof Public["Views"]> = Public["Views"][View]["Row"];

/**
 * The values that a check allows in a column, for a menu or a schema.
 *
 * @param table - the table
 * @param column - a column with a closed set
 * @returns the values, in the order of the check
 */
export function valuesOf<Table extends keyof Sets, Column extends keyof Sets[Table]>(
  table: Table,
  column: Column,
): Sets[Table][Column] {
  return VALUE_SETS[table][column];
}
