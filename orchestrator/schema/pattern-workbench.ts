import type { PatternLibraryPin } from "./config.ts";
import type { PatternSummary } from "./handoff.ts";
import type { PatternUse } from "./pattern-use.ts";

/** A file or folder that was left as it is although it might have been meant. */
export interface SkippedFile {
  /** Relative to the root, with `/`; a folder's ends in one. */
  readonly path: string;
  readonly reason: string;
  /** The pattern that left it; absent where none was asked. */
  readonly pattern?: string;
}

/** One replacement in a changed file. */
export interface AppliedEdit {
  readonly pattern: string;
  readonly reason: string;
  /** 1-based, in the file as it was before. */
  readonly line: number;
  /** In UTF-16 units of the text before, without a byte order mark; null where an earlier pattern had written this place. */
  readonly replaces: { readonly start: number; readonly end: number; readonly text: string } | null;
}

/** A file that changes. */
export interface ChangedFile {
  readonly path: string;
  readonly before_sha256: string;
  readonly after_sha256: string;
  readonly edits: readonly AppliedEdit[];
}

/** How a check that was asked for ended. */
export interface CheckResult {
  readonly passed: boolean;
  /** One sentence. */
  readonly detail: string;
  /** The end of what it printed. */
  readonly output: string;
}

/**
 * What became of an application: `previewed` and nothing was written; `unchanged` where there was nothing to do; `applied`; `refused` where
 * files changed meanwhile, and nothing was written; `rolled_back` where the check failed, and every file is as before.
 */
export type ApplyOutcome = "previewed" | "unchanged" | "applied" | "refused" | "rolled_back";

/** What `patterns apply` did, as its JSON document. */
export interface ApplyReport {
  readonly outcome: ApplyOutcome;
  readonly root: string;
  readonly patterns: readonly PatternUse[];
  readonly changed: readonly ChangedFile[];
  readonly skipped: readonly SkippedFile[];
  /** Files whose names some pattern can read. */
  readonly files: number;
  /** Those of them that a prefilter let through, and so were parsed. */
  readonly candidates: number;
  /** The journal by which it can be undone; null where nothing was written. */
  readonly journal: string | null;
  /** Changes of earlier processes that were cut off, and that were put back first. */
  readonly recovered: readonly string[];
  /** Files that are not what they were when they were read. */
  readonly conflicts: readonly string[];
  readonly check: CheckResult | null;
  /** Copies of files that the failed check had changed itself, kept before they were put back. */
  readonly kept: readonly string[];
  readonly seconds: number;
  readonly files_per_second: number;
  /** Threads besides the main one. */
  readonly workers: number;
}

/** What `patterns undo` did, as its JSON document. */
export interface UndoReport {
  readonly outcome: "undone" | "already_undone" | "refused";
  readonly root: string;
  readonly journal: string;
  readonly restored: readonly string[];
  /** Files that changed since, for which nothing was restored. */
  readonly conflicts: readonly string[];
}

/** How far an application is. */
export interface ApplyProgress {
  readonly phase: "reading" | "transforming" | "writing" | "checking" | "linting";
  readonly done: number;
  readonly total: number;
}

/** What is wanted of the patterns in a folder. */
export interface ApplyRequest {
  /** In the order in which they are applied to each file. */
  readonly patterns: readonly string[];
  /** Absolute. */
  readonly folder: string;
  readonly dryRun: boolean;
  /** `key=value` settings for patterns that take some. */
  readonly settings: Readonly<Record<string, string>>;
  /** Asked when all files are written; where it does not pass, all are put back. */
  readonly check?: (root: string, signal: AbortSignal | undefined) => Promise<CheckResult>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ApplyProgress) => void;
}

/** A report, and the change as a unified diff that `git apply` takes in the root. */
export interface Application {
  readonly report: ApplyReport;
  patch(): string;
}

/** What one fixture of a pattern showed. */
export interface FixtureResult {
  readonly pattern: string;
  readonly fixture: string;
  /** What was found wrong; empty where all holds. */
  readonly problems: readonly string[];
  /** Changes of pattern or fixture that were tried, to see that the fixture can fail. */
  readonly mutants: number;
  /** Those that it noticed. */
  readonly noticed: number;
  /** Why no fixture of the pattern was run; absent where they were. */
  readonly untested?: string;
}

/** A pattern with all that a person wants to know of it. */
export interface PatternDetails extends PatternSummary, Pick<PatternUse, "sha256" | "library"> {
  readonly languages: readonly string[];
  readonly settings: readonly { readonly name: string; readonly required: boolean; readonly help: string }[];
  readonly usage: string;
  /** Of a lint rule: what a team can set in the configuration of its own linter. */
  readonly options?: readonly { readonly name: string; readonly fallback: readonly string[]; readonly help: string }[];
  /** Of the first fixture that shows a change: its name and the change as a unified diff. */
  readonly example: { readonly fixture: string; readonly diff: string } | null;
}

/** The patterns that can be used in a folder, and the libraries besides our own that its repository pins. */
export interface PatternCatalog {
  readonly patterns: readonly PatternSummary[];
  /** `problem` says why a library is not loaded; null for one that is. */
  readonly libraries: readonly (PatternLibraryPin & { readonly problem: string | null })[];
}

/** A library as it is now, for the one who wants to pin it. */
export interface LibraryHash extends PatternLibraryPin {
  readonly files: number;
  /** The hash that the last commit pins; null where it pins none of this name. */
  readonly pinned_sha256: string | null;
}

/** Which linter a folder is linted by: oxlint where there is one, else ESLint. */
export type LinterChoice = "auto" | "oxlint" | "eslint";

/** What is wanted of the lint rules in a folder. */
export interface LintRequest {
  /** Ids of lint rules; empty for all. */
  readonly rules: readonly string[];
  /** Absolute. */
  readonly folder: string;
  readonly linter: LinterChoice;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ApplyProgress) => void;
}

/** A place that a lint rule found. */
export interface LintFinding {
  /** The id of the pattern, such as `lint/node-protocol`. */
  readonly rule: string;
  /** Relative to the root, with `/`. */
  readonly path: string;
  /** 1-based, as the columns, which count in UTF-16 units without a byte order mark; the end is the place behind. */
  readonly line: number;
  readonly column: number;
  readonly end_line: number;
  readonly end_column: number;
  readonly message: string;
}

/** What `patterns lint` found, as its JSON document. `unclear` where nothing was found, and some file could not be read by the linter. */
export interface LintReport {
  readonly outcome: "clean" | "found" | "unclear";
  readonly root: string;
  readonly linter: { readonly name: "oxlint" | "eslint"; readonly version: string; readonly path: string };
  readonly rules: readonly { readonly id: string; readonly version: string; readonly title: string }[];
  /** In the order of paths and places. */
  readonly findings: readonly LintFinding[];
  /** Files that the linter could not read, such as those with a syntax error. */
  readonly unread: readonly SkippedFile[];
  readonly skipped: readonly SkippedFile[];
  /** Files that were linted. */
  readonly files: number;
  readonly seconds: number;
  readonly files_per_second: number;
}

/** The pattern library at work on folders. The libraries of a team are those that the repository around a folder pins in its last commit. */
export interface PatternWorkbench {
  list(folder: string): Promise<PatternCatalog>;
  /** Throws `pattern_not_found` and `library_refused`. */
  show(id: string, folder: string): Promise<PatternDetails>;
  /**
   * Applies patterns to a folder: all files or none. First puts back what a killed application left. Throws `pattern_not_found`,
   * `library_refused`, `usage`, `folder_held`, `change_unfinished`, `disk_failed` and `aborted`.
   */
  apply(request: ApplyRequest): Promise<Application>;
  /** Puts every file of an application back. A journal is an id, the beginning of one, `latest` or a path. */
  undo(journal: string, folder: string): Promise<UndoReport>;
  /**
   * Runs the lint rules over a folder by a linter that is installed. Throws `pattern_not_found`, `path_refused`, `linter_unavailable`,
   * `linter_failed`, `disk_failed` and `aborted`.
   */
  lint(request: LintRequest): Promise<LintReport>;
  /**
   * Runs the fixtures of one pattern or all. Throws `pattern_not_found`, `library_refused`, and `document_invalid` where our own fixtures are not
   * installed.
   */
  test(id: string | null, folder: string): Promise<readonly FixtureResult[]>;
}
