import type { LoadedFile } from "../load/load-file.ts";
import type { LoadedTag } from "../load/load-tag.ts";
import type { SourceFile } from "../source/read-source.ts";
import type { FilePlan, TagPlan } from "../transform/plan-file.ts";
import { type Account, refusedAccount, sumAccounts } from "./account.ts";
import type { Oddity } from "./oddity.ts";
import type { Refusal } from "./refusal.ts";

/** What became of a tag. */
export interface TagReport {
  readonly tag: string;
  readonly pointer: string;
  readonly source_key: string;
  readonly workflow: string;
  /** Null in a dry run that would make the workflow. */
  readonly workflow_id: string | null;
  readonly workflow_is: LoadedTag["workflow"];
  readonly account: Account;
  /** Tasks and subtasks: new, changed, and as they were. */
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly gone: LoadedTag["gone"];
  readonly gone_are_removed: boolean;
  readonly dependencies_taken_back: LoadedTag["taken_back"];
  readonly complexity_report: NonNullable<TagPlan["complexity"]> | null;
}

/** What became of a file. */
export interface FileReport {
  readonly file: string;
  readonly source: string;
  readonly status: "loaded" | "unchanged" | "refused";
  readonly refusal?: {
    readonly code: string;
    readonly message: string;
    readonly line?: number;
    readonly column?: number;
  };
  readonly bytes?: number;
  readonly sha256?: string;
  readonly encoding?: string;
  readonly variant?: string;
  readonly account: Account;
  readonly tags: readonly TagReport[];
  readonly gone_workflows: readonly string[];
  readonly oddities: readonly Oddity[];
}

interface Named {
  readonly path: string;
  readonly source: string;
}

/**
 * The report of a file that was loaded.
 *
 * @param named - the file and its source
 * @param file - what was read
 * @param plan - what was planned
 * @param loaded - what the database has
 * @param isDry - whether it was undone
 * @returns the report
 */
export function loadedReport(
  named: Named,
  file: SourceFile,
  plan: FilePlan,
  loaded: LoadedFile,
  isDry: boolean,
): FileReport {
  const tags = plan.tags.flatMap((tag, index) => {
    const result = loaded.tags[index];
    return result === undefined ? [] : [tagReport(tag, result, isDry)];
  });
  const isUnchanged = tags.every((tag) =>
    tag.workflow_is === "unchanged" && tag.inserted + tag.updated + tag.dependencies_taken_back.length === 0 &&
    (tag.gone.length === 0 || !tag.gone_are_removed)
  );
  return {
    ...about(named, file),
    status: isUnchanged ? "unchanged" : "loaded",
    variant: plan.variant,
    account: sumAccounts([...tags.map(({ account }) => account), refusedAccount(plan.lost)]),
    tags,
    gone_workflows: loaded.gone_workflows,
    oddities: plan.oddities,
  };
}

/**
 * The report of a file that was refused.
 *
 * @param named - the file and its source
 * @param refusal - why
 * @param known - what is known of it all the same
 * @returns the report
 */
export function refusedReport(
  named: Named,
  refusal: Refusal,
  known: { readonly file?: SourceFile | undefined; readonly account?: Account; readonly oddities?: readonly Oddity[] } =
    {},
): FileReport {
  const { code, message, place } = refusal;
  return {
    ...about(named, known.file),
    status: "refused",
    refusal: { code, message, ...place },
    account: known.account ?? sumAccounts([]),
    tags: [],
    gone_workflows: [],
    oddities: known.oddities ?? [],
  };
}

function about({ path, source }: Named, file: SourceFile | undefined) {
  const read = file === undefined ? {} : { bytes: file.bytes, sha256: file.sha256, encoding: file.encoding };
  return { file: path, source, ...read };
}

function tagReport(plan: TagPlan, loaded: LoadedTag, isDry: boolean): TagReport {
  return {
    tag: plan.tag,
    pointer: plan.pointer,
    source_key: plan.workflow.source_key,
    workflow: plan.workflow.name,
    workflow_id: isDry && loaded.workflow === "new" ? null : loaded.workflow_id,
    workflow_is: loaded.workflow,
    account: loaded.account,
    inserted: loaded.inserted,
    updated: loaded.updated,
    unchanged: plan.rows.length - loaded.inserted - loaded.updated,
    gone: loaded.gone,
    gone_are_removed: loaded.is_removed,
    dependencies_taken_back: loaded.taken_back,
    complexity_report: plan.complexity ?? null,
  };
}
