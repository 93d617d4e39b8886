/** Writes text in a status's colour. */
export type Paint = (status: string, text: string) => string;

const CODES: Readonly<Record<string, number>> = { ok: 32, warn: 33, critical: 31, skipped: 90, unknown: 35 };

/**
 * Makes the colours of statuses.
 *
 * @param isColoured - false: text stays as it is
 * @returns the painter
 */
export function createPaint(isColoured: boolean): Paint {
  return (status, text) => {
    const code = CODES[status];
    return !isColoured || code === undefined ? text : `\u001b[${code}m${text}\u001b[0m`;
  };
}
