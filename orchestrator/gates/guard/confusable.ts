import { confusableLetters } from "./confusable-letters.ts";

/** What a path or a glob looks like, in more than one way: a capital I is an i, and looks like an l. */
export interface Looks {
  ofPath(path: string): readonly string[];
  /** As globs that match what looks like a path that the glob matches. */
  ofGlob(glob: string): readonly string[];
}

const ignored = /[\p{M}\p{Default_Ignorable_Code_Point}]/gu;
/** What a glob says of its own, and a class of characters as a whole. */
const globPart = /\\[\s\S]|\[[^\]]*\]|[^\\[]+|\[/gu;

/**
 * Makes what looks alike equal: compatibility forms, letters of other scripts, and of the ASCII ones those that are read
 * for one another, such as l, I and 1. Two names look alike where one look of each is the same.
 */
export function createLooks(): Looks {
  const plain = new Map([
    ...Object.entries(confusableLetters).flatMap(([looks, letters]) =>
      [...letters].map((letter) => [letter, looks] as const),
    ),
    ...([
      ["I", "l"],
      ["1", "l"],
      ["|", "l"],
      ["0", "o"],
      ["m", "rn"],
      ["M", "rn"],
    ] as const),
  ]);
  const read = (text: string) => [...text].map((character) => plain.get(character) ?? character).join("");
  const strip = (text: string) => read(read(text).normalize("NFKD").replaceAll(ignored, ""));
  const looksOf = (text: string) => [text.toLowerCase(), text].map((each) => strip(strip(each).toLowerCase()));
  return {
    ofPath: (path) => [...new Set(looksOf(path))],
    ofGlob: (glob) => [...new Set(globLooks(glob, looksOf))],
  };
}

function globLooks(glob: string, looksOf: (text: string) => string[]): string[] {
  const parts = glob.match(globPart) ?? [];
  const looks = parts.map((part) => {
    if (part.startsWith("\\")) return [part, part];
    return part.startsWith("[") && part.length > 1 ? ["?", "?"] : looksOf(part);
  });
  return [0, 1].map((way) => looks.map((each) => each[way] ?? "").join(""));
}
