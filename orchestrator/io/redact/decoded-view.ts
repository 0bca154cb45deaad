import type { Span } from "./spans.ts";

/** A text as it reads without some of its writing. */
export interface DecodedView {
  readonly text: string;
  /** Where in the original text a span of the view stands. */
  originalOf(span: Span): Span;
}

/** A part of the view: copied from the original as it stands, or one character that the original writes in `written` ones. */
interface Part {
  readonly view: number;
  readonly original: number;
  readonly written: number | null;
}

/**
 * Letters and digits that are written as `%41` or `\u0041`, also escaped again, and breaks of lines between characters of base64 or
 * hex, also as JSON writes them.
 */
const encoded =
  /%(?:25){0,2}(?<url>[3-7][0-9a-f])|\\{1,7}u00(?<unit>[3-7][0-9a-f])|(?<=[\w+/-])(?:\r?\n|(?:\\{1,7}r)?\\{1,7}n)[ \t]{0,40}(?=[\w+/-])/gi;

/** The view of a text, or null where it is the text itself. */
export function decodedView(original: string): DecodedView | null {
  const texts: string[] = [];
  const parts: Part[] = [];
  let length = 0;
  let copied = 0;
  const add = (text: string, part: Omit<Part, "view">) => {
    if (text === "") return;
    parts.push({ view: length, ...part });
    texts.push(text);
    length += text.length;
  };
  for (const match of original.matchAll(encoded)) {
    const read = readOf(match);
    if (read === null) continue;
    add(original.slice(copied, match.index), { original: copied, written: null });
    add(read, { original: match.index, written: match[0].length });
    copied = match.index + match[0].length;
  }
  if (copied === 0) return null;
  add(original.slice(copied), { original: copied, written: null });
  return {
    text: texts.join(""),
    originalOf: ({ name, start, end }) => ({ name, start: beginOf(parts, start), end: endOf(parts, end - 1) }),
  };
}

/** What an encoding stands for: a letter or digit, or nothing for a break of a line. Null for what is left as it is. */
function readOf({ groups }: RegExpMatchArray): string | null {
  const code = groups?.["url"] ?? groups?.["unit"];
  if (code === undefined) return "";
  const character = String.fromCharCode(Number.parseInt(code, 16));
  return /^\w$/.test(character) ? character : null;
}

function beginOf(parts: readonly Part[], place: number): number {
  const { view, original } = partAt(parts, place);
  return original + place - view;
}

function endOf(parts: readonly Part[], place: number): number {
  const { view, original, written } = partAt(parts, place);
  return written === null ? original + place - view + 1 : original + written;
}

function partAt(parts: readonly Part[], place: number): Part {
  let low = 0;
  for (let high = parts.length - 1; low < high; ) {
    const middle = Math.ceil((low + high) / 2);
    if ((parts[middle]?.view ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return parts[low] ?? { view: 0, original: 0, written: null };
}
