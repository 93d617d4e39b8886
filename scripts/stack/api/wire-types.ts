/**
 * Rewrites PostgreSQL's `2026-11-21 06:16:03+00` as PostgREST's `2026-11-21T06:16:03+00:00`.
 *
 * @param text - a timestamp or timestamptz as the server writes it
 * @returns ISO 8601; texts of another shape (`infinity`, years BC) unchanged
 */
export function toIsoTimestamp(text: string): string {
  return text.replace(
    /^(\d{4,}-\d\d-\d\d) ([\d:.]+)([+-]\d\d)?(:\d\d)?$/,
    (_, date: string, time: string, hours: string | undefined, minutes: string | undefined) =>
      `${date}T${time}${hours === undefined ? "" : `${hours}${minutes ?? ":00"}`}`,
  );
}

/**
 * Writes a jsonb parameter. Lite hands over some values as text that already is json and others as
 * they are; encoding the first kind again would store a string instead of the object.
 *
 * @param value - a parameter bound to a jsonb type
 * @returns json text
 */
export function toJsonb(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value);
  try {
    JSON.parse(value);
    return value;
  } catch {
    return JSON.stringify(value);
  }
}

/** postgres.js types that make answers look like PostgREST's. */
export const wireTypes = {
  timestamptz: { to: 1184, from: [1184], serialize: (value: unknown) => value, parse: toIsoTimestamp },
  timestamp: { to: 1114, from: [1114], serialize: (value: unknown) => value, parse: toIsoTimestamp },
  jsonb: { to: 3802, from: [3802], serialize: toJsonb, parse: (text: string): unknown => JSON.parse(text) },
};
