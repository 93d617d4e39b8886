import type { ImportContext, ImportResult } from "../command.ts";
import { loadFile } from "../load/load-file.ts";
import { refusedAccount, sumAccounts } from "../report/account.ts";
import { describeAccount, describeFile } from "../report/describe.ts";
import { type FileReport, loadedReport, refusedReport } from "../report/file-report.ts";
import { Refusal } from "../report/refusal.ts";
import type { FoundSource } from "../source/find-sources.ts";
import { readSource, type SourceFile } from "../source/read-source.ts";
import { countFile } from "../transform/count-file.ts";
import { type FilePlan, planFile } from "../transform/plan-file.ts";

/**
 * `tasks`: imports files, each in a transaction of its own. One that is refused does not keep the others back.
 *
 * @param context - files, tenant and database
 * @returns exit code 1 when a file was refused
 */
export async function tasks(context: ImportContext): Promise<ImportResult> {
  const { sources, shadowed } = context.found;
  const files: FileReport[] = [];
  for (const [index, found] of sources.entries()) {
    const twin = sources.slice(0, index).find(({ source }) => source === found.source);
    const step = sources.length === 1 ? found.path : `${found.path} (${index + 1} of ${sources.length})`;
    files.push(twin === undefined ? await importFile(context, found, step) : refuseTwin(found, twin));
  }
  const account = sumAccounts(files.map((file) => file.account));
  const count = (status: FileReport["status"]): number => files.filter((file) => file.status === status).length;
  const report = {
    command: "tasks",
    database: context.database,
    tenant: context.slug,
    dry_run: context.isDry,
    account,
    loaded: count("loaded"),
    unchanged: count("unchanged"),
    refused: count("refused"),
    files,
    shadowed,
  };
  const summary = `${files.length} ${files.length === 1 ? "file" : "files"}: ${report.loaded} loaded, ` +
    `${report.unchanged} unchanged, ${report.refused} refused, into ${context.slug} on ${context.database}.`;
  const lines = [
    ...files.flatMap(describeFile),
    ...shadowed.map(({ path, by }) => `${path}: left aside, as ${by} is of the same project. To import it, name it.`),
    ...(files.length === 1 ? [] : ["all files", ...describeAccount(account)]),
    context.isDry ? `${summary} It was a dry run: nothing was changed.` : summary,
  ];
  return { exitCode: report.refused === 0 ? 0 : 1, report, lines };
}

async function importFile(context: ImportContext, found: FoundSource, step: string): Promise<FileReport> {
  let file: SourceFile | undefined;
  let plan: FilePlan | undefined;
  try {
    context.progress.step(`Reading ${step}`);
    file = readSource(found.absolute);
    plan = planFile(file, found.absolute, found.source);
    const loaded = await loadFile(context.query, plan, found.source, {
      ...context,
      onTag: (tag) => context.progress.step(`Loading ${step}, tag ${tag}`),
    });
    return loadedReport(found, file, plan, loaded, context.isDry);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const account = file === undefined ? {} : { account: refusedAccount(countFile(file.root)) };
    return refusedReport(found, error, { file, ...account, oddities: plan?.oddities ?? [] });
  }
}

function refuseTwin(found: FoundSource, twin: FoundSource): FileReport {
  const message = `${twin.path} has the source ${
    JSON.stringify(found.source)
  } too. Import one of them alone, with --source.`;
  return refusedReport(found, new Refusal("same_source", message));
}
