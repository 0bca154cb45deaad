import { messageOf, OrchestratorError } from "../schema/errors.ts";

/** One place in a path segment. */
export type Unit =
  | { readonly kind: "character"; readonly value: string }
  | { readonly kind: "any" }
  | { readonly kind: "class"; readonly source: string; readonly negated: boolean; readonly ranges: readonly Range[] }
  | { readonly kind: "star" };

type Range = readonly [from: number, to: number];

/** One segment of a glob. `literal` is its text where it has no wildcard. */
export type Segment =
  | { readonly kind: "globstar" }
  | { readonly kind: "units"; readonly units: readonly Unit[]; readonly literal: string | null };

/** A glob that was read: its text, and one list of segments for each alternative that its braces allow. */
export interface ParsedGlob {
  readonly text: string;
  readonly alternatives: readonly (readonly Segment[])[];
}

const alternativesMax = 256;

/**
 * Reads a glob: `*` and `?` within a segment, `**` as a whole segment, `[a-z]`, `[^a-z]`, `{a,b}`, and `\` before a
 * character that is meant as it stands. Throws `document_invalid` for the rest: what other dialects read
 * differently is never guessed, since a misread exclusion would let a path through. The text is taken as NFC.
 */
export function parseGlob(glob: string): ParsedGlob {
  const text = glob.normalize("NFC");
  try {
    return { text, alternatives: expandBraces([...text], 0).map(parseSegments) };
  } catch (error) {
    throw new OrchestratorError("document_invalid", `the glob ${JSON.stringify(glob)} ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function unreadable(reason: string): OrchestratorError {
  return new OrchestratorError("document_invalid", reason);
}

function expandBraces(text: readonly string[], from: number): string[][] {
  const open = findBraces(text, from);
  if (open === null) return [[...text]];
  const expanded: string[][] = [];
  for (const part of open.parts) {
    const joined = [...text.slice(0, open.start), ...part, ...text.slice(open.end + 1)];
    expanded.push(...expandBraces(joined, open.start));
    if (expanded.length > alternativesMax) throw unreadable(`has more than ${alternativesMax} alternatives`);
  }
  return expanded;
}

interface Braces {
  readonly start: number;
  readonly end: number;
  readonly parts: readonly (readonly string[])[];
}

/**
 * The first braces with alternatives at or after `from`. Braces without a comma stand for themselves, as in a
 * shell.
 */
function findBraces(text: readonly string[], from: number): Braces | null {
  for (let start = from; start < text.length; start++) {
    if (text[start] === "\\") start++;
    else if (text[start] === "{") {
      const braces = readBraces(text, start);
      if (braces !== null) return braces;
    }
  }
  return null;
}

function readBraces(text: readonly string[], start: number): Braces | null {
  const commas = [start];
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    const character = text[index];
    if (character === "\\") index++;
    else if (character === "{") depth++;
    else if (character === "," && depth === 1) commas.push(index);
    else if (character === "}" && --depth === 0) return bracesOf(text, commas, index);
  }
  throw unreadable(`has a "{" without its "}"; write "\\{" for the character itself`);
}

function bracesOf(text: readonly string[], commas: readonly number[], end: number): Braces | null {
  const start = commas[0] ?? 0;
  if (commas.length === 1) {
    if (text.slice(start, end).join("").includes(".."))
      throw unreadable("has a range in braces; list the alternatives");
    return null;
  }
  const parts = commas.map((comma, index) => text.slice(comma + 1, commas[index + 1] ?? end));
  return { start, end, parts };
}

function parseSegments(characters: readonly string[]): Segment[] {
  const first = characters[0];
  if (first === undefined) throw unreadable("is empty, or has an empty alternative");
  if (first === "/") throw unreadable("begins with a slash; globs are relative to the repository's root");
  if (first === "!") throw unreadable('begins with "!"; use `exclude`, or write "\\!" for the character itself');
  const segments: Segment[] = [];
  let unread = characters;
  for (;;) {
    const { segment, rest } = readSegment(unread);
    segments.push(segment);
    if (rest === null) return segments;
    unread = rest;
  }
}

function readSegment(characters: readonly string[]): { segment: Segment; rest: readonly string[] | null } {
  const units: Unit[] = [];
  let index = 0;
  while (index < characters.length && characters[index] !== "/") {
    const { unit, next } = readUnit(characters, index);
    const merged = unit.kind === "star" && units.at(-1)?.kind === "star";
    if (!merged) units.push(unit);
    index = next;
  }
  const segment = segmentOf(units, characters.slice(0, index).join(""));
  return { segment, rest: index < characters.length ? characters.slice(index + 1) : null };
}

function segmentOf(units: readonly Unit[], source: string): Segment {
  if (source === "**") return { kind: "globstar" };
  if (source === "") throw unreadable('has an empty segment; for a folder write "folder/**"');
  const literal = literalOf(units);
  if (literal === "." || literal === "..") throw unreadable(`has the segment "${literal}"`);
  return { kind: "units", units, literal };
}

function literalOf(units: readonly Unit[]): string | null {
  let literal = "";
  for (const unit of units) {
    if (unit.kind !== "character") return null;
    literal += unit.value;
  }
  return literal;
}

function readUnit(characters: readonly string[], index: number): { unit: Unit; next: number } {
  const character = characters[index] ?? "";
  const following = characters[index + 1];
  if (following === "(" && "@+?*!".includes(character)) {
    throw unreadable(`has the group "${character}(…)"; use braces, or write "\\(" for the character itself`);
  }
  if (character === "|") throw unreadable('has a "|"; use braces, or write "\\|" for the character itself');
  if (character === "*") return { unit: { kind: "star" }, next: index + 1 };
  if (character === "?") return { unit: { kind: "any" }, next: index + 1 };
  if (character === "[") return readClass(characters, index);
  if (character !== "\\") return { unit: { kind: "character", value: character }, next: index + 1 };
  if (following === undefined || following === "/")
    throw unreadable('has a "\\" before nothing; separate segments by "/"');
  return { unit: { kind: "character", value: following }, next: index + 2 };
}

function readClass(characters: readonly string[], start: number): { unit: Unit; next: number } {
  const end = characters.indexOf("]", start + 1);
  const inside = characters.slice(start + 1, end);
  const hint = 'write "\\[" for the character itself';
  if (end < 0 || inside.includes("/")) throw unreadable(`has a "[" without its "]"; ${hint}`);
  if (inside[0] === "!") throw unreadable('has a "[!"; write "[^" for any other character');
  if (inside.includes("\\") || inside.includes(":")) throw unreadable('has a "\\" or ":" between brackets');
  const negated = inside[0] === "^";
  const members = negated ? inside.slice(1) : inside;
  if (members.length === 0) throw unreadable(`has empty brackets; ${hint}`);
  return { unit: { kind: "class", source: inside.join(""), negated, ranges: rangesOf(members) }, next: end + 1 };
}

function rangesOf(members: readonly string[]): Range[] {
  const ranges: Range[] = [];
  for (let index = 0; index < members.length; index++) {
    const from = members[index]?.codePointAt(0) ?? 0;
    const to = members[index + 1] === "-" ? members[index + 2]?.codePointAt(0) : undefined;
    if (to !== undefined && to < from) throw unreadable("has a range that runs backwards");
    ranges.push([from, to ?? from]);
    if (to !== undefined) index += 2;
  }
  return ranges;
}
