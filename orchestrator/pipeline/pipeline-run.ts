import type { MovingRun } from "../manager/make-moves.ts";
import type { Redactor } from "../schema/process-port.ts";
import type { RunKey } from "../schema/run-store.ts";
import type { CommandExecutor } from "./command-executor.ts";

/** The parts that every pipeline of one repository shares. */
export interface PipelineParts {
  readonly clock: MovingRun["clock"];
  readonly redactor: Redactor;
  /** Opens what carries out the commands of a run as it recorded. Rejects where that cannot be reached; nothing of the run is touched then. */
  readonly openExecutor: (run: Pick<MovingRun, "journal" | "signal">) => Promise<CommandExecutor>;
  /** Removes what a run needed beside its record. */
  readonly discard: (key: RunKey) => Promise<void>;
  /** A new folder for the output of a run's commands, until it is kept with the run. */
  readonly outputFolder: (key: RunKey) => string;
  /** From 0 to 1, random. */
  readonly random: () => number;
  /** `bytes` random bytes in hex. */
  readonly randomHex: (bytes: number) => string;
  readonly gateTimeoutMs: number;
  readonly inboxIntervalMs: number;
}

/** One run of commands under a lease. */
export interface PipelineRun extends PipelineParts, MovingRun {
  /** What carries the commands out; opened when it is first needed. */
  readonly executor: () => Promise<CommandExecutor>;
}
