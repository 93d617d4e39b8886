import type { Outcome, Tally } from "../outcome.ts";

const COLUMNS = ["made", "behaviour", "structure", "equivalent", "survived", "stillborn"] as const;
const FIRST_COLUMN = 22;

/**
 * The report for people: a table, the scores, then what needs a look.
 *
 * @param outcome - what the run found
 * @param verbose - whether mutants that could not be made are listed too
 * @returns the text
 */
export function textReport(outcome: Outcome, verbose: boolean): string {
  const { kinds, total, survivors, stillborn, staleReviews } = outcome;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return [
    ["".padEnd(FIRST_COLUMN), ...COLUMNS.map((name) => name.padStart(11))].join(""),
    ...[...kinds].filter(([, tally]) => tally.made > 0).map(([kind, tally]) => row(kind, tally)),
    row("total", total),
    "",
    `Noticed: ${percent(outcome.score)}; first by a test that does something: ${percent(outcome.behaviourScore)}.`,
    ...survivors.flatMap(({ mutant }) => ["", `SURVIVED ${mutant.id}`, "  the whole suite passes with:", indent(mutant.sql)]),
    ...staleReviews.map((line) => `\nSTALE in the reviewed list: ${line}`),
    ...(verbose ? stillborn.map(({ mutant, message }) => `\nSTILLBORN ${mutant.id}: ${message ?? ""}\n${indent(mutant.sql)}`) : []),
  ].join("\n");
}

function row(name: string, tally: Tally): string {
  return [name.padEnd(FIRST_COLUMN), ...COLUMNS.map((column) => String(tally[column]).padStart(11))].join("");
}

function indent(text: string): string {
  return text.split("\n").map((line) => `    ${line}`).join("\n");
}
