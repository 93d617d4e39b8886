import { z } from "zod";

const count = (least: number): z.ZodType<number, unknown> => z.coerce.number().int().min(least).max(100_000_000);

/** How many rows to make, and from which number; what is left out follows from the tenants and tasks. */
export const scaleShape = z
  .object({
    tenants: count(1).default(1000),
    workflows: count(0).optional(),
    tasks: count(0).optional(),
    messages: count(0).optional(),
    events: count(0).optional(),
    metrics: count(0).optional(),
    articles: count(0).optional(),
    seed: z.coerce.number().int().min(0).max(1_000_000).default(1),
    // Times lie before it: the same seed and day make the same rows.
    until: z.iso.date().default(() => new Date().toISOString().slice(0, 10)),
  })
  .transform(({ tenants, workflows = tenants * 100, tasks = workflows * 10, ...rest }) => ({
    tenants,
    workflows,
    tasks,
    messages: rest.messages ?? tenants * 1000,
    events: rest.events ?? Math.floor(tasks / 2),
    metrics: rest.metrics ?? Math.floor(tasks / 2),
    articles: rest.articles ?? tenants * 5,
    seed: rest.seed,
    until: rest.until,
  }));

/** What is made. */
export type Scale = z.infer<typeof scaleShape>;

/**
 * Spreads a total over places as it is in life: few have much, most have little. A place gets one at least, as far
 * as there are enough.
 *
 * @param total - what is spread
 * @param places - how many places
 * @param first - what the first place gets at most, if that is to be fixed
 * @returns a whole number for each place, the largest first; together the total
 */
export function spread(total: number, places: number, first?: number): number[] {
  if (places === 0) return [];
  const rest = total - Math.min(first ?? 0, total);
  const open = first === undefined ? places : places - 1;
  if (open === 0) return [total];
  const weights = Array.from({ length: open }, (_, index) => (index + 3) ** -0.8);
  const sum = weights.reduce((before, weight) => before + weight, 0);
  const least = rest >= open ? 1 : 0;
  const shares = weights.map((weight) => least + Math.floor(((rest - least * open) * weight) / sum));
  let left = rest - shares.reduce((before, share) => before + share, 0);
  for (let index = 0; left > 0; index = (index + 1) % open, left -= 1) shares[index] = (shares[index] ?? 0) + 1;
  return first === undefined ? shares : [total - rest, ...shares];
}
