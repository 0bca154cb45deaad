import type { CleanTexts } from "./clean-texts.ts";
import type { FindSecrets } from "./find-secrets.ts";
import { markerOf, replaceSpans, type Span, withheldName } from "./spans.ts";

const depthMax = 200;

/** All strings of a value as one text, so that it is looked at once. */
interface Leaves {
  readonly parts: string[];
  length: number;
  /** Where each string begins, in the order of the walk; `leftOut` for one whose document was looked at before. */
  readonly starts: number[];
  tooDeep: boolean;
}

const leftOut = -1;

/** Documents of this length lie at these depths of an event: shorter ones are looked at sooner than remembered. */
const rememberedLengthMin = 100;
const rememberedDepths = [2, 3];

/**
 * A copy of a JSON value with every string and key redacted; the same object where nothing was found. A key is looked at together
 * with its string, so that `{"password": "…"}` is seen as such. What is nested deeper than 200 levels is withheld. A document that was
 * found clean by itself is not looked at again inside an event that carries it, since the text is the same.
 */
export async function redactJson<T>(value: T, find: FindSecrets, clean: CleanTexts): Promise<T> {
  const leaves: Leaves = { parts: [], length: 0, starts: [], tooDeep: false };
  collect(value, leaves, 0, clean);
  const text = leaves.parts.join("");
  const remember = clean.begin();
  const spans = await find(text);
  if (spans.length > 0 || leaves.tooDeep) return mapStrings(value, replacerOf(leaves.starts, spans), 0);
  if (text.length >= rememberedLengthMin) remember(text);
  return value;
}

function collect(value: unknown, leaves: Leaves, depth: number, clean: CleanTexts): void {
  if (typeof value === "string") add(leaves, value, "\n");
  else if (!isContainer(value)) return;
  else if (depth >= depthMax) leaves.tooDeep = true;
  else collectContainer(value, leaves, depth, clean);
}

function collectContainer(value: object, leaves: Leaves, depth: number, clean: CleanTexts): void {
  const before = { length: leaves.length, parts: leaves.parts.length, starts: leaves.starts.length };
  if (Array.isArray(value)) for (const item of value) collect(item, leaves, depth + 1, clean);
  else collectEntries(value, leaves, depth, clean);
  const isRemembered = rememberedDepths.includes(depth) && leaves.length - before.length >= rememberedLengthMin;
  if (!isRemembered || !clean.has(leaves.parts.slice(before.parts).join(""))) return;
  leaves.parts.length = before.parts;
  leaves.length = before.length;
  leaves.starts.fill(leftOut, before.starts);
}

function collectEntries(value: object, leaves: Leaves, depth: number, clean: CleanTexts): void {
  for (const [key, item] of Object.entries(value)) {
    add(leaves, key, typeof item === "string" ? ": " : "\n");
    collect(item, leaves, depth + 1, clean);
  }
}

function add(leaves: Leaves, text: string, separator: string): void {
  leaves.starts.push(leaves.length);
  leaves.parts.push(text, separator);
  leaves.length += text.length + separator.length;
}

/** Gives each string, in the order of the walk, its redacted form. */
function replacerOf(starts: readonly number[], spans: readonly Span[]): (text: string) => string {
  let leaf = 0;
  let first = 0;
  return (text) => {
    const start = starts[leaf++] ?? 0;
    if (start === leftOut) return text;
    const end = start + text.length;
    while ((spans[first]?.end ?? Number.POSITIVE_INFINITY) <= start) first++;
    const inside: Span[] = [];
    for (let index = first; index < spans.length; index++) {
      const span = spans[index];
      if (!span || span.start >= end) break;
      inside.push({
        name: span.name,
        start: Math.max(span.start, start) - start,
        end: Math.min(span.end, end) - start,
      });
    }
    return replaceSpans(text, inside);
  };
}

function mapStrings<T>(value: T, replace: (text: string) => string, depth: number): T;
function mapStrings(value: unknown, replace: (text: string) => string, depth: number): unknown {
  if (typeof value === "string") return replace(value);
  if (!isContainer(value)) return value;
  if (depth >= depthMax) return markerOf(withheldName);
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => mapStrings(item, replace, depth + 1));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  return mapEntries(value, replace, depth);
}

function mapEntries(value: object, replace: (text: string) => string, depth: number): object {
  const before = Object.entries(value);
  const after = new Map<string, unknown>();
  let changed = false;
  for (const [key, item] of before) {
    const newKey = unusedKey(after, replace(key));
    const newItem = mapStrings(item, replace, depth + 1);
    after.set(newKey, newItem);
    changed ||= newKey !== key || newItem !== item;
  }
  return changed ? Object.fromEntries(after) : value;
}

/** Two keys that become the same marker both stay. */
function unusedKey(taken: ReadonlyMap<string, unknown>, key: string): string {
  if (!taken.has(key)) return key;
  let number = 2;
  while (taken.has(`${key}-${number}`)) number++;
  return `${key}-${number}`;
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null && !ArrayBuffer.isView(value);
}
