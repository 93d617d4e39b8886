import { type Condition, parseCondition } from "./conditions.ts";
import { type Edit, excerpt } from "./edits.ts";
import type { Region } from "./regions.ts";
import type { Token } from "./tokens.ts";

/** A text and its tokens. */
export interface Source {
  readonly text: string;
  readonly tokens: readonly Token[];
}

/**
 * The ways to weaken a condition that keeps rows out: each part that "and" joins becomes true, and each
 * choice that "or" offers.
 *
 * @param source - the text
 * @param region - where the condition stands
 * @returns one replacement for each
 */
export function weakenFilter(source: Source, region: Region): Edit[] {
  return weaken(source, parseCondition(source.tokens, region.from, region.to));
}

/**
 * The ways to spoil a condition that decides something else than rows. What "and" joins becomes true part
 * by part and false as a whole; what "or" joins becomes false part by part and true as a whole. A guard
 * is never made to refuse always: the first call that should succeed would notice.
 *
 * @param source - the text
 * @param region - where the condition stands
 * @returns one replacement for each
 */
export function spoilDecision(source: Source, region: Region): Edit[] {
  const condition = parseCondition(source.tokens, region.from, region.to);
  const always = become(source, condition, "true");
  return spoil(source, condition).filter((edit) =>
    region.role !== "guard" || edit.text !== always.text || edit.start !== always.start || edit.end !== always.end
  );
}

function weaken(source: Source, condition: Condition): Edit[] {
  if (condition.operator === "and") return condition.parts.flatMap((part) => weaken(source, part));
  const whole = become(source, condition, "true");
  // A choice that is one comparison makes the whole true; one that joins several is weakened within.
  return [whole, ...condition.parts.filter(({ operator }) => operator === "and").flatMap((part) => weaken(source, part))];
}

function spoil(source: Source, condition: Condition): Edit[] {
  if (condition.operator === "none") return [become(source, condition, "true"), become(source, condition, "false")];
  const [whole, neutral] = condition.operator === "and" ? ["false", "true"] as const : ["true", "false"] as const;
  return [
    become(source, condition, whole),
    ...condition.parts.flatMap((part) =>
      part.operator === "none" ? [become(source, part, neutral)] : spoil(source, part)
    ),
  ];
}

function become(source: Source, condition: Condition, text: "true" | "false"): Edit {
  const start = startOf(source, condition);
  const end = endOf(source, condition);
  return { start, end, text, label: `"${excerpt(source.text.slice(start, end))}" -> ${text}` };
}

function startOf({ tokens, text }: Source, { from }: Condition): number {
  return tokens[from]?.start ?? text.length;
}

function endOf({ tokens, text }: Source, { to }: Condition): number {
  return tokens[to - 1]?.end ?? text.length;
}
