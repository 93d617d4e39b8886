import type { Edit } from "./edits.ts";
import type { Source } from "./condition-edits.ts";
import type { Token } from "./tokens.ts";

/** The ladder of tenant roles, lowest first: also the columns of private.reach. */
export const ROLES = ["customer", "viewer", "member", "manager", "admin", "owner"] as const;

type Role = (typeof ROLES)[number];

/**
 * The ways to widen a role: each mention of a role as a column of the caller's reach (`r.admin`) or as a
 * literal becomes the one below, and the lowest. Who reaches all branches becomes who reads at all.
 *
 * @param source - the text
 * @param isLiteral - whether a string literal at a place (index of its token) asks for a role
 * @returns one replacement for each
 */
export function lowerRoles(source: Source, isLiteral: (at: number) => boolean): Edit[] {
  const aliases = reachAliases(source.tokens);
  return source.tokens.flatMap((token, at) => {
    const quote = token.kind === "string" ? "'" : "";
    if (quote === "" ? !isColumnOf(aliases, source.tokens, at) : !isLiteral(at)) return [];
    const word = quote === "" ? token.text : token.text.slice(1, -1);
    const before = quote === "" ? `${source.tokens[at - 2]?.text ?? ""}.` : "";
    return lowerThan(word).map((role) => ({
      start: token.start,
      end: token.end,
      text: `${quote}${role}${quote}`,
      label: `${before}${quote}${word}${quote} -> ${quote === "" ? before : quote}${role}${quote}`,
    }));
  });
}

function reachAliases(tokens: readonly Token[]): Set<string> {
  const aliases = new Set<string>();
  tokens.forEach(({ text }, at) => {
    if (text !== "reach" && text !== "my_reach") return;
    const alias = tokens[at + (tokens[at + 1]?.text === "as" ? 2 : 1)];
    if (alias?.kind === "word") aliases.add(alias.text);
  });
  return aliases;
}

function isColumnOf(aliases: ReadonlySet<string>, tokens: readonly Token[], at: number): boolean {
  return tokens[at]?.kind === "word" && tokens[at - 1]?.text === "." && aliases.has(tokens[at - 2]?.text ?? "");
}

function lowerThan(word: string): Role[] {
  if (word === "unconfined") return ["viewer"];
  const rank = ROLES.findIndex((role) => role === word);
  if (rank < 1) return [];
  const below = ROLES[rank - 1];
  return below === undefined || below === ROLES[0] ? [ROLES[0]] : [below, ROLES[0]];
}
