export {
  createOrchestrator,
  openAdapterBench,
  openGoals,
  openModelCassette,
  openModels,
  openPipelines,
  openRuns,
} from "./compose.ts";
export type { Cassette } from "./models/cassette.ts";
export type { ModelOfRole } from "./models/model-source.ts";
export type { NamedModel } from "./models/named-model.ts";
export type {
  Goal,
  Goals,
  GoalsStart,
  ModelsWanted,
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
export type { ApplyOutcome } from "./workspace/apply-run.ts";
