import { oneLine } from "../../db/printable.ts";
import type { ImportContext, ImportResult } from "../command.ts";
import { inTransaction } from "../load/transaction.ts";
import { Refusal } from "../report/refusal.ts";
import type { FoundSource } from "../source/find-sources.ts";
import { readSource } from "../source/read-source.ts";
import { planFile } from "../transform/plan-file.ts";
import { compareTag, type Comparison, type Difference } from "../verify/compare.ts";

interface VerifiedFile {
  readonly file: string;
  readonly source: string;
  readonly status: "same" | "different" | "refused";
  readonly refusal?: { readonly code: string; readonly message: string };
  readonly tags: readonly Comparison[];
}

/** How many differences people see of a file. The report has all of them. */
const EXAMPLES = 20;

/**
 * `verify`: reads back what was imported and compares it with the files. It changes nothing.
 *
 * @param context - files, tenant and database
 * @returns exit code 1 when something differs, or a file is refused
 */
export async function verify(context: ImportContext): Promise<ImportResult> {
  const files: VerifiedFile[] = [];
  for (const found of context.found.sources) {
    context.progress.step(`Comparing ${found.path}`);
    files.push(await verifyFile(context, found));
  }
  const isSame = files.every(({ status }) => status === "same");
  const tags = files.flatMap((file) => file.tags);
  const total = (kind: "tasks" | "subtasks" | "dependencies"): number => tags.reduce((sum, tag) => sum + tag[kind], 0);
  const report = {
    command: "verify",
    database: context.database,
    tenant: context.slug,
    same: isSame,
    tasks: total("tasks"),
    subtasks: total("subtasks"),
    dependencies: total("dependencies"),
    differences: tags.reduce((sum, tag) => sum + tag.differences.length, 0),
    files,
    shadowed: context.found.shadowed,
  };
  const compared =
    `${report.tasks} tasks, ${report.subtasks} subtasks and ${report.dependencies} dependencies compared`;
  const verdict = isSame ? "the database has them as the files do" : `${report.differences} differences`;
  return { exitCode: isSame ? 0 : 1, report, lines: [...files.flatMap(describe), `${compared}: ${verdict}.`] };
}

async function verifyFile(context: ImportContext, found: FoundSource): Promise<VerifiedFile> {
  const about = { file: found.path, source: found.source };
  try {
    const plan = planFile(readSource(found.absolute), found.absolute, found.source);
    const tags = await inTransaction(context.query, false, async () => {
      const compared: Comparison[] = [];
      for (const tag of plan.tags) compared.push(await compareTag(context.query, context.tenant, tag));
      return compared;
    });
    const isSame = tags.every(({ differences }) => differences.length === 0);
    return { ...about, status: isSame ? "same" : "different", tags };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return {
      ...about,
      status: "refused",
      refusal: { code: error.code, message: error.message, ...error.place },
      tags: [],
    };
  }
}

function describe(file: VerifiedFile): readonly string[] {
  const differences = file.tags.flatMap((tag) => tag.differences);
  const gone = file.tags.reduce((sum, tag) => sum + tag.gone.length, 0);
  return [
    `${oneLine(file.file)} (source ${oneLine(file.source)}): ${file.status}`,
    ...(file.refusal === undefined ? [] : [`  ${file.refusal.code}: ${oneLine(file.refusal.message)}`]),
    ...differences.slice(0, EXAMPLES).map((difference) => `  ${describeDifference(difference)}`),
    ...(differences.length > EXAMPLES ? [`  and ${differences.length - EXAMPLES} more`] : []),
    ...(gone === 0 ? [] : [`  ${gone} tasks of earlier imports are no longer in the file`]),
  ];
}

function describeDifference({ tag, kind, key, on_key: on, fields }: Difference): string {
  const task = on === undefined ? key : `${key} on ${on}`;
  return oneLine(`${tag}: ${kind} ${task}${fields === undefined ? "" : ` (${fields.join(", ")})`}`);
}
