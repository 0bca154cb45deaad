import type { Splice } from "./codemod.ts";

/** Splices in the order of the text; at one place an insertion comes before what replaces something. */
export function inTextOrder<T extends Splice>(splices: readonly T[]): readonly T[] {
  return [...splices].sort((left, right) => left.start - right.start || left.end - right.end);
}

/**
 * The first splice, in text order, that cannot be applied: it overlaps the one before, shares its place with another insertion,
 * or lies outside of the text. Null where all fit.
 */
export function findConflict(ordered: readonly Splice[], length: number): Splice | null {
  let previous: Splice | null = null;
  for (const splice of ordered) {
    if (splice.start < 0 || splice.end < splice.start || splice.end > length) return splice;
    if (previous !== null && (splice.start < previous.end || sharesPlace(previous, splice))) return splice;
    previous = splice;
  }
  return null;
}

function sharesPlace(left: Splice, right: Splice): boolean {
  return left.start === right.start && left.end === right.end;
}

/** The text with splices applied that are in text order and without conflict. Every other character stays. */
export function applySplices(text: string, ordered: readonly Splice[]): string {
  let result = "";
  let copied = 0;
  for (const { start, end, text: replacement } of ordered) {
    result += text.slice(copied, start) + replacement;
    copied = end;
  }
  return result + text.slice(copied);
}
