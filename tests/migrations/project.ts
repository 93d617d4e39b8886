import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import { runMigrate } from "../../scripts/migrate/run-migrate.ts";

/** File name to text, for each folder of supabase/. */
export interface ProjectFiles {
  readonly migrations?: Readonly<Record<string, string>>;
  readonly rollbacks?: Readonly<Record<string, string>>;
  readonly seeds?: Readonly<Record<string, string>>;
}

/** What a run of `migrate` said. */
export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** How the user at the terminal answers; without it nobody is there. */
export interface RunOptions {
  readonly answers?: readonly string[];
}

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Two small tables with rollbacks: enough for everything that is not about our own schema. */
export const TWO_TABLES: ProjectFiles = {
  migrations: {
    "20260101000100_shop_books.sql": "-- Books.\ncreate table public.books (id int primary key);\n",
    "20260101000200_shop_prices.sql": "create table public.prices (book int references public.books);\n",
  },
  rollbacks: {
    "20260101000100_shop_books.sql": "drop table public.books;\n",
    "20260101000200_shop_prices.sql": "drop table public.prices;\n",
  },
};

/**
 * Makes a project folder that is deleted after the test file.
 *
 * @param files - what is in it
 * @returns its path
 */
export function makeProject(files: ProjectFiles): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "rowhouse-project-"));
  folders.push(folder);
  writeFiles(folder, files);
  return folder;
}

/**
 * Writes more files into a project.
 *
 * @param folder - the project
 * @param files - what to write
 */
export function writeFiles(folder: string, files: ProjectFiles): void {
  for (const [kind, entries] of Object.entries(files)) {
    mkdirSync(path.join(folder, "supabase", kind), { recursive: true });
    for (const [name, text] of Object.entries(entries ?? {})) {
      writeFileSync(path.join(folder, "supabase", kind, name), String(text));
    }
  }
  const config = 'project_id = "test"\n\n[db.seed]\nsql_paths = ["./seeds/*.sql"]\n';
  writeFileSync(path.join(folder, "supabase", "config.toml"), config);
}

/**
 * Runs `migrate` in this process.
 *
 * @param args - its arguments
 * @param options - who sits at the terminal
 * @returns exit code and output
 */
export async function migrate(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const out: string[] = [];
  const err: string[] = [];
  const answers = [...(options.answers ?? [])];
  const code = await runMigrate(args, {
    isInteractive: options.answers !== undefined,
    print: (line) => void out.push(line),
    tell: (line) => void err.push(line),
    ask: async (question) => {
      err.push(question);
      return answers.shift() ?? "";
    },
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}
