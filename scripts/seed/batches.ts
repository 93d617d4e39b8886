/**
 * Cuts a list of sizes into runs that are about as large as a batch is to be.
 *
 * @param sizes - how much each place has
 * @param most - how much a batch has at most, unless one place alone has more
 * @returns first and last place of each batch, counted from 1
 */
export function batches(sizes: readonly number[], most: number): readonly (readonly [from: number, to: number])[] {
  const result: [number, number][] = [];
  let from = 1;
  let held = 0;
  sizes.forEach((size, index) => {
    if (held > 0 && held + size > most) {
      result.push([from, index]);
      from = index + 1;
      held = 0;
    }
    held += size;
  });
  if (sizes.length >= from) result.push([from, sizes.length]);
  return result;
}
