import type { ChangedPath } from "./change-set.ts";
import type { CommandOutcome } from "./process-port.ts";
import type { CheckResult, PlanGoal, TestCase } from "./test-report.ts";

/** Reads a repository for detection, without caring where it is. Paths are relative, with `/`. */
export interface RepositoryReader {
  /** The text, or null where there is no such file (or it is not a regular file of at most 4 MiB). */
  read(path: string): Promise<string | null>;
  exists(path: string): Promise<boolean>;
  /** Names in one folder (not recursive), folders with a trailing `/`; empty where it does not exist. */
  list(path: string): Promise<readonly string[]>;
}

/** Why an adapter thinks that it fits. */
export interface Detection {
  readonly adapter: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** Sentences such as "package-lock.json: npm". */
  readonly evidence: readonly string[];
  /** Folders that hold a project, relative to the repository; `.` for its root. */
  readonly roots: readonly string[];
}

/** One command of an adapter. */
export interface CommandPlan {
  readonly goal: "install" | PlanGoal;
  readonly argv: readonly [string, ...string[]];
  /** Relative to the repository's root. */
  readonly cwd: string;
  /** Added to the filtered environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly needsNetwork: boolean;
  /** May it run beside others in one workspace? */
  readonly parallelSafe: boolean;
  /** Where the runner will write its report, where it writes one; inside the folder given to `plan`. */
  readonly reportFile: string | null;
}

/** What must be there before the commands can run. */
export interface DependencyNeed {
  /** False where the project declares none. */
  readonly needed: boolean;
  /** Relative path of the lock file, or null where there is none. */
  readonly lockFile: string | null;
  /** Folders, relative to the root, that hold installed dependencies (`node_modules`). */
  readonly folders: readonly string[];
  readonly install: CommandPlan | null;
  /** One sentence: why `folders` cannot hold all that the project needs. Null where they can. */
  readonly unsupported: string | null;
  /** One sentence. */
  readonly reason: string;
}

/** What a command is for: work on the repository, or the harness that measures such work. */
export type PlanPurpose = "work" | "evaluation";

export type InstalledState = "same" | "different" | "unknown";

/** What a command showed, with every case of the report that was read: more than is kept of a check. */
export interface CheckReading extends CheckResult {
  readonly cases?: readonly TestCase[];
}

/** Knows one stack: how to tell it, what its commands are, and how to read what they did. */
export interface LanguageAdapter {
  readonly id: string;
  readonly title: string;
  /** Names of files besides the common ones (`package.json`, `go.mod`, …) for which a folder is asked about at all, below the root. */
  readonly markers?: readonly string[];
  detect(repository: RepositoryReader): Promise<Detection | null>;
  dependencies(repository: RepositoryReader): Promise<DependencyNeed>;
  /** Does what is installed in a working copy match its lock file, by the package manager's own record? Unknown where it left none. */
  compareInstalled(repository: RepositoryReader, lockFile: string): Promise<InstalledState>;
  /**
   * Of the paths that a change touches, those that decide which checks run and what they cover: the scripts, the runner's configuration,
   * tests that are gone. `before` and `after` read the two trees. What cannot be told is named.
   */
  checkPaths(
    changed: readonly ChangedPath[],
    before: Pick<RepositoryReader, "read">,
    after: Pick<RepositoryReader, "read">,
  ): Promise<readonly string[]>;
  /**
   * The command for a goal, or null where the project has none. `reportDir` is an absolute folder for reports, outside the tree. Only
   * an adapter whose commands differ by purpose looks at it; left out, it is `work`.
   */
  plan(
    repository: RepositoryReader,
    goal: PlanGoal,
    reportDir: string,
    purpose?: PlanPurpose,
  ): Promise<CommandPlan | null>;
  /**
   * What a command showed. `report` is the text of `plan.reportFile`, or null where it was not written. Fails closed: a test
   * passes only with exit code 0 and a valid, complete report of more than zero tests of which none failed.
   */
  read(plan: CommandPlan, outcome: CommandOutcome, report: string | null): CheckReading;
}

/** A project of a repository, ready to be worked with. */
export interface Project {
  /** Relative to the repository; `.` for its root. */
  readonly root: string;
  /** As an adapter of the whole repository: its paths and commands are relative to that. */
  readonly adapter: LanguageAdapter;
  readonly detection: Detection;
}

/** What decides which projects a repository has. */
export interface ProjectSetUp {
  /** For whatever lies there. */
  readonly adapters: readonly LanguageAdapter[];
  /** Ids of the team's own among them: each wins over those that are less sure of its folder than it is, or as sure. */
  readonly own: readonly string[];
  /** Those that the configuration names for a root alone. */
  readonly configured: readonly { readonly root: string; readonly adapter: LanguageAdapter }[];
  /** False for a root that the configuration leaves out. */
  readonly isWanted: (root: string) => boolean;
}
