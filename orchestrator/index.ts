export { createOrchestrator, openAdapterBench, openGoals, openPipelines, openRuns } from "./compose.ts";
export type { NamedModel } from "./models/named-model.ts";
export type {
  Goal,
  Goals,
  GoalsStart,
  Orchestrator,
  OrchestratorOptions,
  PipelineStart,
  Pipelines,
  RunHandle,
  RunOptions,
} from "./orchestrator.ts";
export { type ErrorCode, isOrchestratorError, OrchestratorError } from "./schema/errors.ts";
export type { KnownEvent } from "./schema/run-event.ts";
export type { RunManifest } from "./schema/run-manifest.ts";
export type { RunKey, RunStore } from "./schema/run-store.ts";
export type { TaskSpec } from "./schema/task-spec.ts";
