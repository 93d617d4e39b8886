/**
 * Divides things into portions of about the same size, neighbours into different ones.
 *
 * @param all - the things
 * @param most - the size of the largest portion
 * @returns the portions; none when there is nothing
 */
export function portionsOf<T>(all: readonly T[], most: number): T[][] {
  const count = Math.ceil(all.length / most);
  return Array.from({ length: count }, (_, at) => all.filter((_thing, place) => place % count === at));
}
