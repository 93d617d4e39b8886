import { oneLine, printable } from "../printable.ts";
import type { FilledSection, ReportData } from "./collect.ts";
import { formatValue } from "./format-value.ts";
import { gravestFirst } from "./recommendations.ts";

/**
 * Writes the report as Markdown. Query texts are somebody else's: no character of them makes a
 * link, a tag or a column.
 *
 * @param data - what to show
 * @returns the text
 */
export function renderMarkdown(data: ReportData): string {
  const { health } = data;
  return [
    `# Database report: ${escape(data.database)}`,
    `**${health.status}**, PostgreSQL ${escape(health.server_version)}, ${formatValue(health.checked_at, "time")}, ` +
    `${health.checks.length} checks in ${formatValue(health.duration_ms, "ms")}`,
    "## Recommendations",
    "The gravest first. SQL to read before it is run; nothing runs by itself.",
    ...(data.recommendations.length === 0 ? ["None."] : data.recommendations.map(
      ({ severity, check, reasons, remedy }) =>
        [`**${severity}** ${escape(check)}`, ...reasons.map(escape), fenced(remedy)].join("\n\n"),
    )),
    "## Checks",
    table(
      ["Status", "Check", "Found"],
      gravestFirst(health.checks).map(({ status, title, name, reason, findings }) => [
        status,
        `${title} (${name})`,
        [...(reason === null ? [] : [reason]), ...findings.map(({ message }) => message)].join("; "),
      ]),
    ),
    ...data.sections.flatMap(sectionOf),
    "",
  ].join("\n\n");
}

function sectionOf({ section, rows, total, unavailable }: FilledSection): string[] {
  const top = [`## ${escape(section.title)}`, escape(section.about)];
  if (unavailable !== null) return [...top, `Not available: ${escape(unavailable)}`];
  if (rows.length === 0) return [...top, "None."];
  return [
    ...top,
    table(
      section.columns.map(({ title }) => title),
      rows.map((row) => section.columns.map(({ name, kind }) => formatValue(row[name], kind))),
    ),
    ...(total > rows.length ? [`The first ${rows.length} of ${total}.`] : []),
  ];
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escape).join(" | ")} |`;
  return [line(titles), `| ${titles.map(() => "---").join(" | ")} |`, ...rows.map(line)].join("\n");
}

/** A fence longer than any run of backticks in the text, which could close it otherwise. */
function fenced(sql: string): string {
  const longest = Math.max(2, ...[...sql.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}sql\n${printable(sql)}\n${fence}`;
}

function escape(text: string): string {
  return oneLine(text).replaceAll(/[\\`*_[\]()<>|~&$#!@]|:(?=\/\/)|(?<=www)\./gi, (character) => `\\${character}`);
}
