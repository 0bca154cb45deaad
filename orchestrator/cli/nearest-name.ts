/** The name that was most likely meant, or null where none is close. */
export function nearestName(typed: string, names: readonly string[]): string | null {
  const wanted = typed.toLowerCase();
  const scored = names.map((name) => ({ name, distance: distanceTo(wanted, name.toLowerCase()) }));
  const best = scored.reduce<{ name: string; distance: number } | null>(
    (nearest, next) => (nearest === null || next.distance < nearest.distance ? next : nearest),
    null,
  );
  return best !== null && best.distance <= Math.max(1, Math.floor(wanted.length / 3)) ? best.name : null;
}

/** A typed beginning of at least two letters counts as one mistake. */
function distanceTo(typed: string, name: string): number {
  return typed.length > 1 && name.startsWith(typed) ? 1 : editDistance(typed.slice(0, 64), name);
}

/** The Levenshtein distance with swaps of neighbours (optimal string alignment). */
export function editDistance(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const isSame = left[row - 1] === right[column - 1];
      const isSwap =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      current.push(
        Math.min(
          (last[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (last[column - 1] ?? 0) + (isSame ? 0 : 1),
          isSwap ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[right.length] ?? 0;
}
