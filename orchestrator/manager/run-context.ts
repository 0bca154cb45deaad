import type { Clock } from "../io/clock.ts";
import type { TraceFile } from "../io/trace-file.ts";
import type { NamedModel } from "../models/named-model.ts";
import type { RecordingOptions } from "../models/recording-model.ts";
import type { HashRequest } from "../models/request-hash.ts";
import type { RunTracing } from "../models/run-tracing.ts";
import type { PatternLibrary } from "../schema/pattern-port.ts";
import type { Role } from "../schema/primitives.ts";
import type { Redactor } from "../schema/process-port.ts";
import type { RunKey } from "../schema/run-store.ts";
import type { Workbench, WorkbenchSource } from "../schema/workspace-port.ts";
import type { GateEvidence } from "./gate-evidence.ts";
import type { RunJournal } from "./run-journal.ts";

/** Where the models of a run come from. */
export interface ModelSource {
  /** Throws `model_unknown`, or `usage` where a key is missing. */
  ofRole(role: Role): Promise<NamedModel>;
}

/** The parts that every run of one orchestrator shares. */
export interface RunParts {
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly models: ModelSource;
  readonly benches: WorkbenchSource;
  readonly patterns: PatternLibrary;
  readonly evidence: GateEvidence;
  readonly tracing: RunTracing;
  readonly openTrace: (key: RunKey) => TraceFile;
  readonly retry: RecordingOptions["retry"];
  /** The most output tokens that one model call may ask for. */
  readonly outputTokensMax: number;
  /** Milliseconds that collecting one gate's evidence may take. */
  readonly gateTimeoutMs: number;
  /** Milliseconds between two looks at the inbox while a step is under way. */
  readonly inboxIntervalMs: number;
}

/** One run under a lease. */
export interface RunContext extends RunParts {
  readonly journal: RunJournal;
  /** Aborts when the caller stops the process, or a person cancels the run. */
  readonly signal: AbortSignal;
  readonly hashRequest: HashRequest;
  /** The run's workbench: opened at the first call, the same one afterwards. */
  readonly bench: () => Promise<Workbench>;
}
