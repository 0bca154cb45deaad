import type { CommandPlan, DependencyNeed, Detection } from "./adapter-port.ts";
import type { Enforcement } from "./run-event.ts";
import type { CheckResult, CommandStatus, PlanGoal, TestCase, TestComparison } from "./test-report.ts";
import type { Finding } from "./verdict.ts";

/** A goal of the adapters, or the installation that comes before all. */
export type BenchGoal = PlanGoal | "install";

/** An adapter that there is. */
export interface AdapterSummary {
  readonly id: string;
  readonly title: string;
}

/** A project that was found in a folder, and what can be done with it. Starts nothing. */
export interface DetectedProject extends Detection {
  /** Relative to the folder; `.` for itself. */
  readonly root: string;
  readonly title: string;
  readonly plans: readonly Pick<CommandPlan, "goal" | "argv" | "cwd">[];
  readonly dependencies: Pick<DependencyNeed, "needed" | "lockFile" | "reason" | "unsupported">;
}

/** One command of one project that ended. */
export interface GoalRun {
  readonly adapter: string;
  readonly root: string;
  readonly goal: BenchGoal;
  readonly command: readonly string[];
  readonly verdict: "passed" | "failed";
  readonly reason: string;
  readonly enforcement: Omit<Enforcement, "reason">;
  /** ISO 8601, UTC. */
  readonly started_at: string;
  readonly duration_ms: number;
  /** Null for an installation. */
  readonly result: CheckResult | null;
  /** Every case of the report; empty where none was read. */
  readonly cases: readonly TestCase[];
  /** What a linter or a compiler said, as far as its lines are understood. */
  readonly findings: readonly Finding[];
  readonly output_tail: string;
  readonly status: CommandStatus;
}

/** A goal that a project has no command for, and why. */
export interface MissingGoal {
  readonly adapter: string;
  readonly root: string;
  readonly reason: string;
  /** True where there is nothing to do, so that nothing is missing: an installation that is not needed. */
  readonly isDone: boolean;
}

/** What became of a goal in a folder. */
export interface GoalReport {
  readonly folder: string;
  readonly goal: BenchGoal;
  readonly runs: readonly GoalRun[];
  readonly missing: readonly MissingGoal[];
}

/** What is asked for. */
export interface GoalRequest {
  readonly folder: string;
  readonly goal: BenchGoal;
  /** Only the projects of this adapter. */
  readonly adapter?: string | undefined;
  /** May the commands open connections? An installation may. */
  readonly network: boolean;
  readonly signal: AbortSignal;
  readonly onStart?: (command: Pick<GoalRun, "adapter" | "root" | "command">) => void;
}

/** Which commits are compared. */
export interface ComparisonRequest {
  /** In the repository. */
  readonly folder: string;
  /** Names of commits. */
  readonly base: string;
  readonly head: string;
  readonly signal: AbortSignal;
  readonly onStart?: (what: string) => void;
}

/** One side of a comparison. */
export interface ComparedSide {
  readonly commit: string;
  readonly tree: string;
  /** Each run of its tests, the last one last. */
  readonly runs: readonly CheckResult[];
}

/** What the tests of one commit say beside those of another. */
export interface CommitComparison {
  readonly base: ComparedSide;
  readonly head: ComparedSide;
  /** `unclear`: one side left no list of its tests, so nothing was compared. */
  readonly verdict: "no_worse" | "worse" | "unclear";
  /** One sentence. */
  readonly reason: string;
  readonly comparison: TestComparison;
}

/** The adapters at work on a folder. */
export interface AdapterBench {
  /** The adapters for a folder: what its last commit configures first. Rejects with `library_refused`. */
  list(folder: string): Promise<readonly AdapterSummary[]>;
  /** The projects in a folder, the nearer to it the earlier. */
  detect(folder: string): Promise<readonly DetectedProject[]>;
  /**
   * Runs a goal of every project in the folder itself, one after the other, in the sandbox that there is. Throws `usage` for a folder without
   * a project, `sandbox_unavailable` and `disk_failed`.
   */
  run(request: GoalRequest): Promise<GoalReport>;
  /**
   * Runs the tests of two commits in private clones of the repository, those of the base a second time where something got worse, so that what
   * is flaky there is known. Throws `base_not_found`, `repository_unusable`, `usage` where the repository has no tests that an
   * adapter knows, `sandbox_unavailable` and `aborted`.
   */
  compare(request: ComparisonRequest): Promise<CommitComparison>;
  /** Runs of tests as a CTRF document, or as JUnit XML. A goal without tests gives one case for each command. */
  ctrf(report: GoalReport): unknown;
  junit(report: GoalReport): string;
}
