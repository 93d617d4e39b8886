import { oneLine } from "../../db/printable.ts";
import type { FileReport, TagReport } from "./file-report.ts";
import { type Account, KINDS } from "./account.ts";
import { ODDITIES, type Oddity, type OddityCode } from "./oddity.ts";

/** How many examples of an oddity, and lines of what is gone, people see. The report has all of them. */
const EXAMPLES = 3;

/**
 * The report of a file for people.
 *
 * @param report - what became of it
 * @returns lines
 */
export function describeFile(report: FileReport): readonly string[] {
  const { refusal } = report;
  const lines = [`${oneLine(report.file)} (source ${oneLine(report.source)}): ${report.status}`];
  if (refusal !== undefined) {
    const place = refusal.line === undefined ? "" : ` Line ${refusal.line}, column ${refusal.column ?? 1}.`;
    return [...lines, `  ${refusal.code}: ${oneLine(refusal.message)}${place}`, ...describeOddities(report.oddities)];
  }
  return [
    ...lines,
    ...report.tags.flatMap(describeTag),
    ...describeAccount(report.account),
    ...report.gone_workflows.map((key) => `  the file has no tag any more for the workflow ${oneLine(key)}`),
    ...describeOddities(report.oddities),
  ];
}

/**
 * An account as a table.
 *
 * @param account - the account
 * @returns lines
 */
export function describeAccount(account: Account): readonly string[] {
  const head = ["", "read", "loaded", "merged", "refused"];
  const rows = KINDS.map((kind) => {
    const { read, loaded, merged, refused } = account[kind];
    return [kind, ...[read, loaded, merged, refused].map(String)];
  });
  const lines = [head, ...rows].map(([name = "", ...numbers]) =>
    `  ${name.padEnd(12)}${numbers.map((number) => number.padStart(9)).join("")}`
  );
  const removed = account.dependencies.removed_here;
  return removed === 0 ? lines : [...lines, `  ${removed} of the dependencies were deleted here since the last import`];
}

function describeTag(tag: TagReport): readonly string[] {
  const words = { new: "a new workflow", changed: "its workflow, changed", unchanged: "its workflow" };
  const report = tag.complexity_report;
  const complexity = report === null ? [] : [
    `    ${report.file}: ${report.joined} of ${report.entries} entries joined`,
  ];
  const gone = tag.gone.slice(0, EXAMPLES).map(({ key, title }) =>
    `      ${oneLine(key)}  ${oneLine(title).slice(0, 80)}`
  );
  return [
    `  ${oneLine(tag.tag)}: ${words[tag.workflow_is]} ${
      oneLine(tag.workflow)
    }; ${tag.inserted} new, ${tag.updated} changed, ` +
    `${tag.unchanged} as they were`,
    ...complexity,
    ...(tag.gone.length === 0 ? [] : [
      `    ${tag.gone.length} no longer in the file, ${tag.gone_are_removed ? "deleted" : "left as they are"}:`,
      ...gone,
      ...more(tag.gone.length),
    ]),
    ...(tag.dependencies_taken_back.length === 0
      ? []
      : [`    ${tag.dependencies_taken_back.length} dependencies no longer in the file, taken back`]),
  ];
}

function describeOddities(oddities: readonly Oddity[]): readonly string[] {
  const groups = new Map<OddityCode, Oddity[]>();
  for (const oddity of oddities) {
    const group = groups.get(oddity.code);
    if (group === undefined) groups.set(oddity.code, [oddity]);
    else group.push(oddity);
  }
  return [...groups].flatMap(([code, group]) => [
    `  ${code} (${group.length}): ${ODDITIES[code]}`,
    ...group.slice(0, EXAMPLES).map(({ file, pointer, message, place }) =>
      `      ${file === undefined ? "" : `${oneLine(file)} `}${oneLine(pointer)}${
        place === undefined ? "" : ` (line ${place.line})`
      }  ${oneLine(message)}`
    ),
    ...more(group.length),
  ]);
}

function more(count: number): readonly string[] {
  return count > EXAMPLES ? [`      and ${count - EXAMPLES} more`] : [];
}
