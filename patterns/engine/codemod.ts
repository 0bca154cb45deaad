import type { PackageFacts } from "../../orchestrator/schema/pattern-port.ts";
import type { SourceFile } from "./source-file.ts";

/** The languages that a codemod can read. JSX belongs to both. */
export type SourceLanguage = "javascript" | "typescript";

/** Puts `text` in place of `[start, end)`. Offsets in UTF-16 units of the text without its byte order mark. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** One place that a codemod changes. Its splices belong together; `at` is the offset that a finding points to. */
export interface Rewrite {
  readonly at: number;
  readonly reason: string;
  readonly splices: readonly Splice[];
}

/** One place that the codemod is about but cannot change soundly. A file with nothing but refusals is reported as skipped. */
export interface Refusal {
  readonly at: number;
  readonly reason: string;
}

/** What a codemod wants of one file. */
export interface Scan {
  readonly rewrites: readonly Rewrite[];
  readonly refusals: readonly Refusal[];
}

/** What must hold of a file's package before a codemod looks into the file: null where it holds, else why not, in words. */
export type Precondition = (facts: PackageFacts, path: string) => string | null;

/**
 * A codemod says what to change; the engine reads, parses, resolves names, splices and verifies. `scan` is pure, and finds
 * nothing more in the text that its own rewrites lead to.
 */
export interface Codemod {
  /** Unique in a library, kebab-case. */
  readonly id: string;
  /** Semantic version: a change of behaviour raises it. */
  readonly version: string;
  readonly title: string;
  readonly description: string;
  /** Phrases of a goal that ask for this codemod; `matchGoal` says how they are compared. */
  readonly keywords: readonly string[];
  readonly languages: readonly SourceLanguage[];
  /** Cheap look at the text. False only where `scan` would rewrite nothing. */
  readonly prefilter: (text: string) => boolean;
  /** Asked of each file that passes the prefilter; the first that does not hold is why the file is skipped. Default none. */
  readonly preconditions?: readonly Precondition[];
  readonly scan: (source: SourceFile) => Scan;
}
