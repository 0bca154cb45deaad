import type { Span } from "./spans.ts";

/** A text as it reads without some of its writing. */
export interface DecodedView {
  readonly text: string;
  /** Where in the original text a span of the view stands. */
  originalOf(span: Span): Span;
}

/**
 * The parts of a view, a number of each in every list: where a part begins in the view and in the original, and in how many characters the
 * original writes it where it stands for one; 0 for what is copied as it stands. Lists of numbers, since a text has a part for every line.
 */
interface Parts {
  readonly views: number[];
  readonly originals: number[];
  readonly written: number[];
}

const mayBegin = /[%\\\r\n]/g;
/**
 * Letters and digits that are written as `%41` or `\u0041`, also escaped again, and breaks of lines between characters of base64 or
 * hex, also as JSON writes them.
 */
const encoded =
  /%(?:25){0,2}[3-7][0-9a-f]|\\{1,7}u00[3-7][0-9a-f]|(?<=[\w+/-])(?:\r?\n|(?:\\{1,7}r)?\\{1,7}n)[ \t]{0,40}(?=[\w+/-])/iy;
const hexEnding = /[%u][0-9a-f]{2,}$/i;

/** The view of a text, or null where it is the text itself. */
export function decodedView(original: string): DecodedView | null {
  const texts: string[] = [];
  const parts: Parts = { views: [], originals: [], written: [] };
  let length = 0;
  let copied = 0;
  const add = (text: string, from: number, written: number) => {
    if (text === "") return;
    parts.views.push(length);
    parts.originals.push(from);
    parts.written.push(written);
    texts.push(text);
    length += text.length;
  };
  for (let start = nextBegin(original, 0); start !== -1; start = nextBegin(original, start + 1)) {
    if (start < copied) continue;
    const end = encodedEnd(original, start);
    const read = end === -1 ? null : readOf(original.slice(start, end));
    if (read === null) continue;
    add(original.slice(copied, start), copied, 0);
    add(read, start, end - start);
    copied = end;
  }
  if (copied === 0) return null;
  add(original.slice(copied), copied, 0);
  return {
    text: texts.join(""),
    originalOf: ({ name, start, end }) => ({ name, start: beginOf(parts, start), end: endOf(parts, end - 1) }),
  };
}

/** Where something that may be an encoding begins; -1 where nothing does. A test leaves no garbage, as a list of matches would. */
function nextBegin(text: string, from: number): number {
  mayBegin.lastIndex = from;
  return mayBegin.test(text) ? mayBegin.lastIndex - 1 : -1;
}

function encodedEnd(text: string, start: number): number {
  encoded.lastIndex = start;
  return encoded.test(text) ? encoded.lastIndex : -1;
}

/** What an encoding stands for: a letter or digit, or nothing for a break of a line. Null for what is left as it is. */
function readOf(written: string): string | null {
  if (!hexEnding.test(written)) return "";
  const character = String.fromCharCode(Number.parseInt(written.slice(-2), 16));
  return /^\w$/.test(character) ? character : null;
}

function beginOf(parts: Parts, place: number): number {
  const part = partAt(parts, place);
  const original = parts.originals[part] ?? 0;
  return parts.written[part] === 0 ? original + place - (parts.views[part] ?? 0) : original;
}

function endOf(parts: Parts, place: number): number {
  const part = partAt(parts, place);
  return beginOf(parts, place) + (parts.written[part] || 1);
}

/** The last part that begins at a place of the view or before it. */
function partAt({ views }: Parts, place: number): number {
  let low = 0;
  for (let high = views.length - 1; low < high; ) {
    const middle = Math.ceil((low + high) / 2);
    if ((views[middle] ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}
