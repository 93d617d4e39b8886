import { readdirSync } from "node:fs";
import path from "node:path";
import { cloneDatabase } from "./pgtap/clones.ts";
import { runPgtapFile, type PgtapResult } from "./pgtap/run-file.ts";

export type { PgtapResult } from "./pgtap/run-file.ts";

/** What to run, and where. */
export interface PgtapOptions {
  /** The database with the migrations, as role `postgres`. It is copied when nobody is connected to it, and never changed. */
  readonly url: string;
  /** The root of the repository. */
  readonly root: string;
  /** Test files relative to `root`; all of supabase/tests when left out. */
  readonly files?: readonly string[];
  /** How many files run at a time, each on its own copy of the database. */
  readonly concurrency?: number;
  /** Called as each file ends. */
  readonly onFile?: (result: PgtapResult) => void;
}

/**
 * Runs the pgTAP tests without pg_prove. The same files run under `supabase test db`.
 *
 * @param options - database, folder, choice of files
 * @returns a result for each file, in the order of their names
 * @throws Error when the database cannot be reached; DatabaseError when it cannot be copied
 */
export async function runPgtap(options: PgtapOptions): Promise<PgtapResult[]> {
  const { url, root, files = listPgtapFiles(root), concurrency = 2, onFile } = options;
  const clones = await cloneDatabase(url, Math.max(1, Math.min(concurrency, files.length)));
  const queue = [...files];
  const results: PgtapResult[] = [];
  try {
    await Promise.all(clones.urls.map(async (clone) => {
      for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
        const result = await runPgtapFile(clone, path.resolve(root, file), file);
        results.push(result);
        onFile?.(result);
      }
    }));
  } finally {
    await clones.drop();
  }
  return results.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/**
 * The test files of a repository.
 *
 * @param root - the root of the repository
 * @returns their paths relative to `root`, sorted
 */
export function listPgtapFiles(root: string): string[] {
  return readdirSync(path.join(root, "supabase/tests"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.sql"))
    .map((file) => `supabase/tests/${file.split(path.sep).join("/")}`)
    .sort();
}
