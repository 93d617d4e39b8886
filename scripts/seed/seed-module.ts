import type postgres from "postgres";
import type { Scale } from "./scale.ts";

/** What a module works with. */
export interface SeedContext {
  /** The one transaction of the run, as postgres. */
  readonly sql: postgres.TransactionSql;
  readonly scale: Scale;
  /** Says what comes next. */
  readonly step: (label: string) => void;
}

/** What must be true of the rows: the query answers one number `wrong`, which is 0 then. */
export interface SeedCheck {
  readonly name: string;
  readonly query: string;
}

/** The rows of one product. A new product is a new one of these in modules/index.ts. */
export interface SeedModule {
  readonly name: string;
  /** The tables it fills, and how many rows each is to have; null where that follows from chance. */
  readonly tables: (scale: Scale) => readonly (readonly [relation: string, rows: number | null])[];
  /** Makes the rows. The tables pg_temp.seed_* that modules before it made are there. */
  readonly load: (context: SeedContext) => Promise<void>;
  readonly checks: readonly SeedCheck[];
}
