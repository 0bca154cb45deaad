import type { PipelineCommand } from "../schema/pipeline.ts";
import type { CommandOutcome } from "../schema/process-port.ts";
import type { EventPayload } from "../schema/run-event.ts";
import type { CheckResult } from "../schema/test-report.ts";

/** What the one who starts a program is told, and tells. */
export interface StartOptions {
  /** A random mark for all that the program starts. */
  readonly lineage: string;
  /** Where its redacted and capped output goes. */
  readonly outputFile: string;
  readonly signal: AbortSignal;
  /** Called when the process exists, before the program runs in it; the program waits for it. Null: the process is not of this machine. */
  readonly onStarted: (pid: number | null) => Promise<void>;
}

/** What came where an answer was expected; already redacted and capped. */
export interface FailedCall {
  /** One sentence. */
  readonly summary: string;
  readonly raw: string;
  /** True where `raw` is only the beginning. */
  readonly truncated: boolean;
}

/** How a program ended; `check` where an adapter read what it showed, `failedCall` where no answer told of its end. */
export interface ExecutedCommand {
  readonly outcome: CommandOutcome;
  readonly check: CheckResult | null;
  readonly failedCall: FailedCall | null;
}

/** The one who carried the program out was stopped or died: how far it came is not known. The reason in one sentence. */
export interface InterruptedCommand {
  readonly interrupted: string;
}

/** A command that was found, and can be started once. */
export interface ReadyCommand {
  readonly argv: readonly [string, ...string[]];
  readonly timeoutMs: number;
  readonly enforcement: EventPayload<"command_started">["enforcement"];
  /** The mark of the one who carries it out, where that is not the program itself. */
  readonly lineage?: string;
  /** Never rejects for what the program did; rejects with what `onStarted` throws, and with `disk_failed`. */
  start(options: StartOptions): Promise<ExecutedCommand | InterruptedCommand>;
}

/** Carries out the commands of a pipeline. The runner records; this alone touches programs. */
export interface CommandExecutor {
  /** Finds what a command runs; the reason in one sentence where there is nothing to run. */
  prepare(command: PipelineCommand): Promise<ReadyCommand | { readonly missing: string }>;
  /** Ends what it holds. Called when the runner lets go of the run. Never rejects. */
  close(): Promise<void>;
}
