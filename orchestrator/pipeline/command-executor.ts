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
  /** Called when the process exists, before the program runs in it; the program waits for it. */
  readonly onStarted: (pid: number) => Promise<void>;
}

/** How a program ended; `check` where an adapter read what it showed, `errorFile` where a failed call left one. */
export interface ExecutedCommand {
  readonly outcome: CommandOutcome;
  readonly check: CheckResult | null;
  readonly errorFile: string | null;
}

/** A command that was found, and can be started once. */
export interface ReadyCommand {
  readonly argv: readonly [string, ...string[]];
  readonly timeoutMs: number;
  readonly enforcement: EventPayload<"command_started">["enforcement"];
  /** Never rejects for what the program did; rejects with what `onStarted` throws, and with `disk_failed`. */
  start(options: StartOptions): Promise<ExecutedCommand>;
}

/** Carries out the commands of a pipeline. The runner records; this alone touches programs. */
export interface CommandExecutor {
  /** Finds what a command runs; the reason in one sentence where there is nothing to run. */
  prepare(command: PipelineCommand): Promise<ReadyCommand | { readonly missing: string }>;
  /** Removes what the run needed beside its record. Called when it is finished. */
  discard(): Promise<void>;
}
