import { foldPath } from "../fold-path.ts";
import { parseGlob } from "../glob-syntax.ts";

const variantsMax = 64;
const shortLength = 8;

/**
 * Gives the paths for which Windows may take one that has a short name in it, such as `ORCHES~1` for `orchestrator`, as far as globs
 * spell the long name out. Folded, at most 64 of a path, none for one without a short name.
 */
export function compileLongNames(globs: readonly string[]): (path: string) => readonly string[] {
  const names = new Set(
    globs.map(foldPath).flatMap((glob) =>
      parseGlob(glob)
        .alternatives.flat()
        .flatMap((segment) => (segment.kind === "units" && segment.literal !== null ? [segment.literal] : [])),
    ),
  );
  const parted = [...names].map((name) => ({ name, ...partsOf(name) }));
  const longNames = (name: string) => {
    const [, base = "", number = "", end = ""] = /^([^.~]{1,6})(~\d{1,6})(?:\.([^.]{1,3}))?$/.exec(name) ?? [];
    const isWhole = base.length + number.length === shortLength;
    const found = parted.filter(
      (long) => long.end === end && (long.base === base || (isWhole && long.base.startsWith(base))),
    );
    return number === "" ? [] : found.map((long) => long.name);
  };
  return (path) => {
    const segments = foldPath(path).split("/");
    if (!segments.some((segment) => longNames(segment).length > 0)) return [];
    let variants: string[][] = [[]];
    for (const segment of segments) {
      const choices = [segment, ...longNames(segment)];
      variants = variants.flatMap((before) => choices.map((each) => [...before, each])).slice(0, variantsMax);
    }
    return variants.map((each) => each.join("/"));
  };
}

/** A name as Windows shortens it: without blanks and dots, and the first three letters of its extension. */
function partsOf(name: string): { readonly base: string; readonly end: string } {
  const bare = name.replace(/^\.+/, "");
  const dot = bare.lastIndexOf(".");
  const [base, end] = dot < 0 ? [bare, ""] : [bare.slice(0, dot), bare.slice(dot + 1)];
  return { base: base.replaceAll(/[. ]/g, "").replaceAll(/[+,;=[\]]/g, "_"), end: end.slice(0, 3) };
}
