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

/** Words that end where an operator or a bracket begins, so that no space need stand there. */
const keywordsBefore =
  /(?<![\w$.#])(?:await|case|delete|do|else|extends|in|instanceof|new|of|return|throw|typeof|void|yield)$/;
const keywordsAfter = /^(?:as|else|in|instanceof|of|satisfies)(?![\w$])/;
const keywordLengthMax = 12;

/**
 * The first splice, in text order, that would make one word of its text and a keyword beside it, as `return!a` does where `!a` becomes `b`;
 * null where none does. The result may parse all the same, and mean something else.
 */
export function findJoined(text: string, ordered: readonly Splice[]): Splice | null {
  const isWord = (character: string | undefined) => character !== undefined && /[\w$]/.test(character);
  for (const splice of ordered) {
    const { start, end, text: replacement } = splice;
    const before = text.slice(Math.max(0, start - keywordLengthMax), start);
    const after = text.slice(end, end + keywordLengthMax);
    const first = replacement === "" ? after[0] : replacement[0];
    const last = replacement === "" ? before.at(-1) : replacement.at(-1);
    if (start === end) continue;
    if (isWord(first) && !isWord(text[start]) && keywordsBefore.test(before)) return splice;
    if (isWord(last) && !isWord(text[end - 1]) && keywordsAfter.test(after)) return splice;
  }
  return null;
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
