import type { PatternSummary } from "./handoff.ts";
import type { PatternUse } from "./pattern-use.ts";

/** One replacement in a file. Offsets in UTF-16 units of the text without a byte order mark. */
export interface PatternEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly reason: string;
}

/** What is known of the package that a file belongs to. */
export interface PackageFacts {
  /** The nearest package.json at or above the file's folder; null where there is none, or none that can be read. */
  readonly packageJson: Readonly<Record<string, unknown>> | null;
}

/** What a pattern would do to one file. */
export type PatternFileResult =
  | {
      readonly path: string;
      readonly status: "changed";
      readonly before: string;
      readonly after: string;
      readonly edits: readonly PatternEdit[];
    }
  | { readonly path: string; readonly status: "unchanged" }
  | { readonly path: string; readonly status: "skipped"; readonly reason: string };

/** What a pattern found in one file that is not as the pattern wants it. */
export interface PatternFinding {
  readonly pattern: string;
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** The pattern library as the workflow sees it. Reading and writing files is the caller's: texts in, texts out. */
export interface PatternLibrary {
  list(): readonly PatternSummary[];
  has(id: string): boolean;
  /** What a record names a pattern by. Throws `pattern_not_found`. */
  identify(id: string): PatternUse;
  /** Patterns that a goal in words asks for, best first; empty where none does. Deterministic. */
  match(goal: string): readonly PatternSummary[];
  /** True where the text could be touched by the pattern: cheap, never false for a file that would change. */
  isCandidate(id: string, path: string, text: string): boolean;
  /** The result for one file. Throws `pattern_not_found`. Parses only candidates. Without `facts` no package is known. */
  transform(id: string, path: string, text: string, facts?: PackageFacts): PatternFileResult;
  /** What is left for the pattern in one file: empty after `transform`. */
  check(id: string, path: string, text: string, facts?: PackageFacts): readonly PatternFinding[];
}
