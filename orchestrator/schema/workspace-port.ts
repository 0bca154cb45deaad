import type { CheckReading } from "./adapter-port.ts";
import type { ChangeSet } from "./change-set.ts";
import type { Policy } from "./policy.ts";
import type { CommandCall, CommandOutcome } from "./process-port.ts";
import type { EventPayload, RepositoryState } from "./run-event.ts";
import type { CheckGoal } from "./test-report.ts";

/** The files of a private clone, confined: a path that leads out of it, or into `.git` or `.runs`, is `path_refused`. */
export interface WorkspaceFiles {
  /** Paths of files that git does not ignore, in order, at most `limit`. */
  list(glob: string | null, limit: number): Promise<{ readonly paths: readonly string[]; readonly more: boolean }>;
  /** The whole text. Throws `path_refused` for what is no text file of at most 4 MiB. */
  read(path: string): Promise<string>;
  /** Lines that hold the text, as `path:line:text`. */
  search(text: string, glob: string | null, limit: number): Promise<readonly string[]>;
  write(path: string, content: string): Promise<void>;
  /** Replaces the one place where `before` stands. Throws `edit_refused` where it stands nowhere or more than once. */
  edit(path: string, before: string, after: string): Promise<void>;
  /** Applies a unified diff to all its files or to none. Resolves with the paths. Throws `edit_refused`. */
  applyDiff(diff: string): Promise<readonly string[]>;
  remove(path: string): Promise<void>;
}

/** A private clone of the repository at the run's base. Trees are git's. */
export interface Workspace {
  readonly root: string;
  readonly files: WorkspaceFiles;
  /** The tree of the files as they are, ignored ones and dependencies left out. */
  snapshot(): Promise<string>;
  /** Makes the files exactly those of a tree that `snapshot` gave; all else is removed but for dependencies. */
  restore(tree: string): Promise<void>;
  /** What differs between the base and the files now, with the patch. */
  change(): Promise<{ readonly change: ChangeSet; readonly patch: string }>;
  log(limit: number): Promise<string>;
  /** Commits a tree to the run's branch; the same tree, message and time give the same commit. Resolves with its hash. */
  commit(tree: string, message: string, timestamp: string): Promise<string>;
  /** The commits of the run's branch since the base, as a git bundle. */
  bundle(): Promise<Uint8Array>;
}

/** A workspace made ready: dependencies in place, checks known, foreign code bounded. */
export interface Workbench {
  readonly workspace: Workspace;
  readonly prepared: EventPayload<"workspace_prepared">;
  /**
   * Runs the command for a goal of each project that has one, one after the other, each on exactly the files that `snapshot` sees, which are
   * the same when it is done. One result for each of those projects; a command that the files no longer have is a failed one.
   */
  check(goal: CheckGoal, call: CommandCall): Promise<readonly CheckReading[]>;
  /** The paths of a change that decide which checks run and what they cover. */
  checkPaths(change: ChangeSet): Promise<readonly string[]>;
  /** Runs one command of an agent. The policy is asked before. */
  command(argv: readonly [string, ...string[]], call: CommandCall): Promise<CommandOutcome>;
  /** Scans all that the change leaves behind: the evidence of the secrets gate. */
  secretEvidence(signal: AbortSignal): Promise<unknown>;
  /** Makes text the same from run to run: folders of this machine become names, durations become `<time>`. */
  steady(text: string): string;
}

/** Where workbenches come from. Opening one again after a crash gives the same clone, with the files of `tree` where one is named. */
export interface WorkbenchSource {
  open(request: {
    readonly runId: string;
    readonly repository: RepositoryState;
    readonly policy: Policy;
    readonly tree: string | null;
    readonly signal: AbortSignal;
  }): Promise<Workbench>;
  /** Removes the clone of a run that is over. */
  discard(runId: string): Promise<void>;
}
