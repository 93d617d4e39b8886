/** How a column's values are written. */
export type ColumnKind =
  | "text"
  | "code"
  | "count"
  | "number"
  | "bytes"
  | "ms"
  | "seconds"
  | "percent"
  | "time"
  | "flag";

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];

/**
 * Writes a value of the database for people.
 *
 * @param value - as JSON has it
 * @param kind - what it is
 * @returns the text; a dash for null
 */
export function formatValue(value: unknown, kind: ColumnKind): string {
  if (value === null || value === undefined) return "–";
  if (Array.isArray(value)) return value.map((each) => formatValue(each, kind)).join(", ");
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "object") return JSON.stringify(value);
  const number = typeof value === "number" ? value : Number.NaN;
  if (Number.isNaN(number)) return kind === "time" ? formatTime(String(value)) : String(value);
  switch (kind) {
    case "bytes":
      return formatBytes(number);
    case "count":
      return Math.round(number).toLocaleString("en");
    case "number":
      return number.toLocaleString("en", { maximumFractionDigits: 2 });
    case "ms":
      return `${number.toLocaleString("en", { maximumFractionDigits: number < 10 ? 2 : 0 })} ms`;
    case "seconds":
      return formatSeconds(number);
    case "percent":
      return `${number.toLocaleString("en", { maximumFractionDigits: 1 })} %`;
    default:
      return String(value);
  }
}

function formatBytes(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(Math.abs(bytes), 1)) / 10), UNITS.length - 1);
  const amount = bytes / 1024 ** power;
  return `${amount.toLocaleString("en", { maximumFractionDigits: power === 0 || amount >= 100 ? 0 : 1 })} ${
    UNITS[power]
  }`;
}

function formatSeconds(seconds: number): string {
  if (seconds < 120) return `${seconds.toLocaleString("en", { maximumFractionDigits: seconds < 10 ? 1 : 0 })} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

function formatTime(text: string): string {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? text : `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
