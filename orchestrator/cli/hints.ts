import { programName } from "./command-spec.ts";

/** Commands to copy, for one repository as the user named it. */
export interface Hints {
  /** `codex-orchestrator <words> [--repo <dir>]`. The words must be safe for a shell. */
  command(...words: readonly string[]): string;
}

/** Hints that name the repository only where the user did. */
export function createHints(repo: string | undefined): Hints {
  const place = repo === undefined || repo === "." ? [] : ["--repo", quoteForShell(repo)];
  return { command: (...words) => [programName, ...words, ...place].join(" ") };
}

/** A word as a POSIX shell must be given it. */
export function quoteForShell(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
