import { execFileSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import path from "node:path";
import type { PostgresBinaries } from "../../stack/postgres/binaries.ts";

/** PostgreSQL 15 and the programs that test on it: absolute paths. */
export interface Postgres15 extends PostgresBinaries {
  readonly psql: string;
  readonly pgProve: string;
}

/** Where Debian, Ubuntu and the PostgreSQL project's own packages put the programs. */
const DEBIAN_BIN = "/usr/lib/postgresql/15/bin";

const EXTENSIONS = ["pgtap", "pg_cron", "plpgsql_check"];

/** What installs everything this group of tests needs, on Debian 12. */
export const INSTALL_COMMAND =
  "apt-get install postgresql-15 postgresql-15-pgtap postgresql-15-cron postgresql-15-plpgsql-check " +
  "postgresql-15-hypopg libtap-parser-sourcehandler-pgtap-perl";

/**
 * Looks for PostgreSQL 15 with pgTAP, pg_cron and plpgsql_check, and for pg_prove.
 *
 * @param bin - folder of its programs; ROWHOUSE_PG15_BIN or Debian's folder when left out
 * @returns the programs, or the names of what is missing
 */
export function findPostgres15(bin = process.env["ROWHOUSE_PG15_BIN"] ?? DEBIAN_BIN): Postgres15 | string[] {
  const program = (name: string): string => path.join(bin, name);
  const missing = ["initdb", "postgres", "psql", "pg_config"].map(program).filter((file) => !isExecutable(file));
  if (missing.length > 0) return missing;
  const ask = (command: string, ...args: string[]): string => execFileSync(command, args, { encoding: "utf8" }).trim();
  if (!/ 15\.\d/.test(ask(program("postgres"), "--version"))) return [`PostgreSQL 15 in ${bin}`];
  const folder = path.join(ask(program("pg_config"), "--sharedir"), "extension");
  const pgProve = onPath("pg_prove");
  missing.push(...EXTENSIONS.filter((name) => !existsSync(path.join(folder, `${name}.control`))));
  if (pgProve === undefined) return [...missing, "pg_prove"];
  if (missing.length > 0) return missing;
  return { initdb: program("initdb"), postgres: program("postgres"), psql: program("psql"), pgProve };
}

function onPath(name: string): string | undefined {
  return (process.env["PATH"] ?? "").split(path.delimiter).map((dir) => path.join(dir, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
