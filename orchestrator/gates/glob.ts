import { messageOf } from "../schema/errors.ts";
import { foldPath } from "./fold-path.ts";
import { parseGlob, type Segment, type Unit } from "./glob-syntax.ts";

/** Says whether a path of the repository is matched. */
export type PathTest = (path: string) => boolean;

/** What is wrong with a glob, in one sentence, or null. */
export function globProblem(glob: string): string | null {
  try {
    parseGlob(glob);
    parseGlob(foldPath(glob));
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

/** True for a glob that does not begin with a name: an alternative of it has a wildcard in its first segment. */
export function isOpenGlob(glob: string): boolean {
  return parseGlob(glob).alternatives.some(([first]) => first?.kind !== "units" || first.literal === null);
}

/**
 * True for a path that stands where a folder must be for one of the globs to match below it, in any spelling that a
 * file system could take for it. A segment `**` and what follows it bind no folder.
 */
export function compileFoldedAncestors(globs: readonly string[]): PathTest {
  const leading = globs.map(foldPath).flatMap((glob) =>
    parseGlob(glob).alternatives.map((segments) => {
      const star = segments.findIndex(isGlobstar);
      return star < 0 ? segments.slice(0, -1) : segments.slice(0, star);
    }),
  );
  return (path) => {
    const names = foldPath(path).split("/");
    return leading.some(
      (segments) =>
        names.length <= segments.length &&
        names.every((name, index) => {
          const segment = segments[index];
          return segment !== undefined && segmentMatches(segment, name);
        }),
    );
  };
}

/** A glob that matches exactly this path. */
export function escapeGlob(path: string): string {
  return path.replaceAll(/[\\*?[\]{}(),|!@+]/g, "\\$&");
}

/** The one path that a glob without wildcards names, or null. */
export function literalPathOf(glob: string): string | null {
  const { alternatives } = parseGlob(glob);
  const [segments] = alternatives;
  return segments === undefined || alternatives.length > 1 ? null : joinLiterals(segments);
}

function joinLiterals(segments: readonly Segment[]): string | null {
  const literals = segments.map((segment) => (segment.kind === "units" ? segment.literal : null));
  return literals.every((literal) => literal !== null) ? literals.join("/") : null;
}

/**
 * True for a path that one of the globs matches, both as NFC. A glob also matches the path that is spelled like it,
 * such as `app/[id]/page.ts`. Takes time in proportion to glob and path, whatever they hold, since models write
 * both. Throws `document_invalid` for a glob that cannot be read.
 */
export function compileGlobs(globs: readonly string[]): PathTest {
  const parsed = globs.map(parseGlob);
  const everyAlternative = parsed.flatMap((glob) => glob.alternatives);
  const literals = everyAlternative.map(joinLiterals).filter((literal) => literal !== null);
  const spelled = new Set([...literals, ...parsed.map((glob) => glob.text).filter(isSpelledOut)]);
  const alternatives = everyAlternative
    .filter((segments) => joinLiterals(segments) === null)
    .map((segments) => ({ segments, beginning: literalBeginning(segments) }));
  return (path) => {
    const normal = path.normalize("NFC");
    if (spelled.has(normal)) return true;
    const near = alternatives.filter(({ beginning }) => normal.startsWith(beginning));
    if (near.length === 0) return false;
    const names = normal.split("/");
    return near.some(({ segments }) => absorbs(segments, names, isGlobstar, segmentMatches));
  };
}

/** What every matched path begins with: the leading segments that have no wildcard. */
function literalBeginning(segments: readonly Segment[]): string {
  const first = segments.findIndex((segment) => segment.kind !== "units" || segment.literal === null);
  return joinLiterals(first < 0 ? segments : segments.slice(0, first)) ?? "";
}

/**
 * As `compileGlobs`, and also true for a path that a file system which ignores case could take for a matched one.
 * For rules that forbid or control: they must not be dodged by spelling.
 */
export function compileFoldedGlobs(globs: readonly string[]): PathTest {
  const foldedGlobs = globs.map(foldPath);
  const exact = compileGlobs(globs);
  const folded = globs.every((glob, index) => glob === foldedGlobs[index]) ? exact : compileGlobs(foldedGlobs);
  return (path) => exact(path) || folded(foldPath(path));
}

/**
 * True only where every path that `inner` matches is matched by `outer`. False where that cannot be proven: each
 * alternative of `inner` must lie inside one of `outer`, segment by segment.
 */
export function isGlobInside(inner: string, outer: string): boolean {
  const [inside, outside] = [parseGlob(inner), parseGlob(outer)];
  return (
    (!isSpelledOut(inside.text) || compileGlobs([outer])(inside.text)) &&
    inside.alternatives.every((candidate) =>
      outside.alternatives.some((segments) => absorbs(segments, candidate, isGlobstar, segmentCovers)),
    )
  );
}

/** A glob with a backslash is no path: it is never taken as it is spelled. */
function isSpelledOut(text: string): boolean {
  return !text.includes("\\");
}

/**
 * Wildcard matching with one step back: a star takes as little as it can, and only the last star ever needs to take
 * more. Items may be wildcards themselves; then the question is containment.
 */
function absorbs<Part, Item>(
  parts: readonly Part[],
  items: readonly Item[],
  isStar: (part: Part) => boolean,
  fits: (part: Part, item: Item) => boolean,
): boolean {
  let part = 0;
  let item = 0;
  let afterStar = -1;
  let takenByStar = 0;
  while (item < items.length) {
    const [current, candidate] = [parts[part], items[item]];
    if (current !== undefined && isStar(current)) {
      afterStar = ++part;
      takenByStar = item;
    } else if (current !== undefined && candidate !== undefined && fits(current, candidate)) {
      part++;
      item++;
    } else if (afterStar >= 0) {
      part = afterStar;
      item = ++takenByStar;
    } else return false;
  }
  return parts.slice(part).every(isStar);
}

function isGlobstar(segment: Segment): boolean {
  return segment.kind === "globstar";
}

function isStar(unit: Unit): boolean {
  return unit.kind === "star";
}

function segmentMatches(segment: Segment, name: string): boolean {
  if (segment.kind === "globstar") return false;
  return segment.literal === null ? absorbs(segment.units, [...name], isStar, unitMatches) : segment.literal === name;
}

function segmentCovers(segment: Segment, inner: Segment): boolean {
  return segment.kind === "units" && inner.kind === "units" && absorbs(segment.units, inner.units, isStar, unitCovers);
}

function unitMatches(unit: Unit, character: string): boolean {
  if (unit.kind === "character") return unit.value === character;
  if (unit.kind !== "class") return unit.kind === "any";
  const code = character.codePointAt(0) ?? 0;
  return unit.ranges.some(([from, to]) => code >= from && code <= to) !== unit.negated;
}

function unitCovers(unit: Unit, inner: Unit): boolean {
  if (inner.kind === "character") return unitMatches(unit, inner.value);
  if (inner.kind === "star") return false;
  if (unit.kind === "any") return true;
  return unit.kind === "class" && inner.kind === "class" && unit.source === inner.source;
}
