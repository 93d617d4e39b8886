import { readFileSync } from "node:fs";
import path from "node:path";
import { isComment, splitStatements } from "../../migrate/statements.ts";
import { listPgtapFiles } from "../../test/pgtap.ts";
import { expandIncludes } from "../../test/pgtap/expand-includes.ts";

/**
 * How a test notices: the executed matrix, the tries of each constraint and the other tests of behaviour do
 * something and look at what happens; those of the structure look at the catalogue.
 */
export type Level = "matrix" | "constraints" | "behaviour" | "structure";

/** A pgTAP file, ready to run behind the cast. */
export interface TestFile {
  /** Path below supabase/tests. */
  readonly name: string;
  readonly level: Level;
  /** Its statements before the plan, without the cast: what it includes and prepares. */
  readonly setup: readonly string[];
  /** Its statements from the plan on, without the rollback. */
  readonly tests: readonly string[];
  /** The words it says itself, without what it includes. */
  readonly words: ReadonlySet<string>;
}

/** The tests, and the cast that all of them act with. */
export interface TestSuite {
  readonly cast: string;
  readonly files: readonly TestFile[];
}

const CAST = "supabase/tests/helpers/cast.psql";
const LEVELS: Readonly<Record<string, Level>> = { matrix: "matrix", constraints: "constraints", catalog: "structure" };
const LEADING_COMMENTS = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/;

/**
 * Reads all pgTAP files. The cast, which every file includes, is taken out of them: it is loaded once for
 * a mutant, and each file begins from there.
 *
 * @param root - the root of the repository
 * @returns the cast and the files
 * @throws Error for a file that is not one transaction
 */
export function readSuite(root: string): TestSuite {
  const cast = expandIncludes(path.join(root, CAST));
  const files = listPgtapFiles(root).map((file) => readTestFile(root, file, cast));
  return { cast, files };
}

function readTestFile(root: string, file: string, cast: string): TestFile {
  const absolute = path.join(root, file);
  const name = file.replace(/^supabase\/tests\//, "");
  const statements = splitStatements(expandIncludes(absolute).replace(cast, () => ""))
    .map(({ text }) => text)
    .filter((text) => !isComment(text))
    .map((text) => text.replace(LEADING_COMMENTS, ""));
  if (!/^begin$/i.test(statements[0] ?? "") || !/^rollback$/i.test(statements.at(-1) ?? "")) {
    throw new Error(`${file} must be one transaction: first statement begin, last one rollback.`);
  }
  const plan = statements.findIndex((statement) => /^select\s+(\* from\s+)?(plan|no_plan)\s*\(/i.test(statement));
  return {
    name,
    level: LEVELS[name.split("/")[0] ?? ""] ?? "behaviour",
    setup: statements.slice(1, Math.max(plan, 1)),
    tests: statements.slice(Math.max(plan, 1), -1),
    words: new Set(readFileSync(absolute, "utf8").match(/\w+/g)),
  };
}
