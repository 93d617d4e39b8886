import { z } from "zod";

const count = z.number().int().nonnegative();
const share = z.number().min(0).max(1);
const tallyShape = z.object({
  made: count,
  behaviour: count,
  structure: count,
  equivalent: count,
  survived: count,
  stillborn: count,
});
const scoreShape = z.object({
  migrations: count,
  migrations_sha256: z.string(),
  kinds: z.record(z.string(), tallyShape),
  total: tallyShape,
  behaviour_score: share,
  score: share,
  controls: count,
});

/**
 * Describes a recorded mutation score.
 *
 * @param text - scripts/mutation/score.json; null while nothing was recorded
 * @param migrationsHash - the hash over the migrations as they are
 * @returns a table in markdown; a sentence while there is no score
 * @throws ZodError when the record has another shape
 */
export function describeMutationScore(text: string | null, migrationsHash: string): string {
  if (text === null) return "No score has been recorded yet.";
  const { migrations, migrations_sha256, kinds, total, behaviour_score, score, controls } = scoreShape.parse(
    JSON.parse(text),
  );
  const state = migrations_sha256 === migrationsHash
    ? `Recorded for the ${migrations} migrations as they are.`
    : `Recorded for ${migrations} migrations that have been changed since.`;
  return [
    `${percent(score)} of the changes that can be noticed were noticed, ${percent(behaviour_score)} first by a test that does`,
    "something and looks at what happens, the rest first by a rule over the catalogue, against which rights are held before all else.",
    `Controls, made in the same way but changing nothing: ${controls}; no test noticed one. ${state}\n`,
    "| Change | Made | By behaviour | By a rule | Equivalent | Survived | Could not be made |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...[...Object.entries(kinds), ["all", total] as const].map(([name, tally]) =>
      `| ${[name, tally.made, tally.behaviour, tally.structure, tally.equivalent, tally.survived, tally.stillborn].join(" | ")} |`
    ),
    "\nEquivalent: it changes nothing that anybody could see; each is listed with its reason in",
    "[scripts/mutation/equivalent.ts](../scripts/mutation/equivalent.ts).",
  ].join("\n");
}

/** Rounded down, so that only all is 100 %. */
function percent(part: number): string {
  return `${Math.floor(part * 1000) / 10} %`;
}
