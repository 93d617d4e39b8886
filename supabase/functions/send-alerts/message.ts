import type { AlertDelivery } from "./alert-queue.ts";

/** A message as Slack's incoming webhooks, and many others, take it. */
export interface Message {
  readonly text: string;
}

const WORDS: Readonly<Record<AlertDelivery["payload"]["event"], string>> = {
  opened: "New",
  raised: "Worse",
  reopened: "Back",
  silence_ended: "Still there after its silence",
  acknowledged: "Acknowledged",
  resolved: "Resolved",
};
// A first run may find hundreds of things; nobody reads more than a screen of them.
const MAX_LINES = 20;
const MAX_CHARACTERS = 300;

/**
 * One message for all that is to be told now.
 *
 * @param deliveries - at least one
 * @returns the message; what does not fit is counted in its last line
 */
export function messageOf(deliveries: readonly AlertDelivery[]): Message {
  const lines = deliveries.slice(0, MAX_LINES).map(lineOf);
  const left = deliveries.length - lines.length;
  if (left > 0) lines.push(`... and ${left} more: select * from ops.get_alerts()`);
  return { text: lines.join("\n") };
}

function lineOf({ payload }: AlertDelivery): string {
  const { event, severity, check, message, by, note } = payload;
  const who = by === null ? "" : ` by ${escaped(by)}`;
  const why = note === null ? "" : ` (${escaped(note)})`;
  return `${WORDS[event]}${who}${why}: [${severity}] ${check}: ${escaped(message)}`;
}

// A name in a message must neither call a whole channel nor hide a link.
function escaped(text: string): string {
  const short = text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)} ...` : text;
  return short
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/\s+/g, " ");
}
