import { printable } from "../printable.ts";
import type { FilledSection, ReportData } from "./collect.ts";
import { type ColumnKind, formatValue } from "./format-value.ts";
import { gravestFirst } from "./recommendations.ts";
import { STYLE } from "./style.ts";

const FIGURES: readonly ColumnKind[] = ["count", "number", "bytes", "ms", "seconds", "percent"];

/**
 * Writes the report as one page that needs nothing else. Query texts are somebody else's: each
 * text is escaped, and the page forbids itself scripts and every other resource.
 *
 * @param data - what to show
 * @returns the page
 */
export function renderHtml(data: ReportData): string {
  const { health } = data;
  const title = `Database report: ${data.database}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escape(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escape(title)} ${badge(health.status)}</h1>
<p class="dim">PostgreSQL ${escape(health.server_version)}, ${
    formatValue(health.checked_at, "time")
  }, ${health.checks.length} checks in ${formatValue(health.duration_ms, "ms")}</p>
<nav><ul>${
    ["Recommendations", "Checks", ...data.sections.map(({ section }) => section.title)].map(link).join("")
  }</ul></nav>
${recommendations(data)}
${checks(data)}
${data.sections.map(sectionOf).join("\n")}
</body>
</html>
`;
}

function recommendations({ recommendations: list }: ReportData): string {
  const items = list.map(({ severity, check, reasons, remedy }) =>
    `<article>${badge(severity)} <strong>${escape(check)}</strong> ${reasons.map(escape).join("<br>")}<pre>${
      escape(remedy)
    }</pre></article>`
  );
  return `${heading("Recommendations")}
<p class="dim">The gravest first. SQL to read before it is run; nothing runs by itself.</p>
${items.length === 0 ? "<p>None.</p>" : items.join("\n")}`;
}

function checks({ health }: ReportData): string {
  const rows = gravestFirst(health.checks).map(({ status, title, name, reason, findings }) => {
    const found = [...(reason === null ? [] : [reason]), ...findings.map(({ message }) => message)];
    return `<tr><td>${badge(status)}</td><td>${escape(title)}<br><span class="dim">${escape(name)}</span></td><td>${
      found.map(escape).join("<br>")
    }</td></tr>`;
  });
  return `${heading("Checks")}
<div class="wide"><table><thead><tr><th>Status</th><th>Check</th><th>Found</th></tr></thead><tbody>
${rows.join("\n")}
</tbody></table></div>`;
}

function sectionOf({ section, rows, total, unavailable }: FilledSection): string {
  const top = `${heading(section.title)}\n<p class="dim">${escape(section.about)}</p>`;
  if (unavailable !== null) return `${top}\n<p>Not available: ${escape(unavailable)}</p>`;
  if (rows.length === 0) return `${top}\n<p>None.</p>`;
  const classOf = (kind: ColumnKind): string => FIGURES.includes(kind) ? ' class="figure"' : "";
  const head = section.columns.map(({ title, kind }) => `<th${classOf(kind)}>${escape(title)}</th>`).join("");
  const body = rows.map((row) =>
    `<tr>${
      section.columns.map(({ name, kind }) => {
        const text = escape(formatValue(row[name], kind));
        return `<td${classOf(kind)}>${kind === "code" ? `<code>${text}</code>` : text}</td>`;
      }).join("")
    }</tr>`
  );
  const rest = total > rows.length ? `\n<p class="dim">The first ${rows.length} of ${total}.</p>` : "";
  return `${top}
<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>
${body.join("\n")}
</tbody></table></div>${rest}`;
}

function heading(title: string): string {
  return `<h2 id="${anchor(title)}">${escape(title)}</h2>`;
}

function link(title: string): string {
  return `<li><a href="#${anchor(title)}">${escape(title)}</a></li>`;
}

function anchor(title: string): string {
  return title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}

function badge(status: string): string {
  return `<span class="badge ${escape(status)}">${escape(status)}</span>`;
}

function escape(text: string): string {
  return printable(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
