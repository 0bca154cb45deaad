export type {
  CheckReading,
  CommandPlan,
  DependencyNeed,
  Detection,
  LanguageAdapter,
  RepositoryReader,
} from "./adapter-port.ts";
export { CommandAdapterSetting, CommandSetting, ReportFormat, TestCommandSetting } from "./adapter-setting.ts";
export { addUsage, Budget, defaultBudget, GrantableLimit, noUsage, Usage } from "./budget.ts";
export { ChangedPath, ChangeSet } from "./change-set.ts";
export { Command } from "./command.ts";
export { AdapterPin, AdapterSetting, ConfigFile, PatternLibraryPin, Price, Settings } from "./config.ts";
export { type ErrorCode, errorCodes, isOrchestratorError, messageOf, OrchestratorError } from "./errors.ts";
export type { Gate } from "./gate.ts";
export {
  BuilderInput,
  BuildSummary,
  Delegation,
  HandoffInput,
  ManagerInput,
  PatternSummary,
  PlannerInput,
  ReviewerInput,
  StepDocument,
  TestDigest,
  TesterInput,
  TestSummary,
} from "./handoff.ts";
export { Heartbeat, Liveness } from "./heartbeat.ts";
export { McpServer, RunAnswer, RunCall } from "./mcp.ts";
export { type MetricsTable, RunMetrics } from "./metrics.ts";
export type { PatternEdit, PatternFileResult, PatternFinding, PatternLibrary } from "./pattern-port.ts";
export { PatternUse } from "./pattern-use.ts";
export {
  CommandOutput,
  CommandResult,
  ManifestCommand,
  ManifestPipeline,
  PipelineCommand,
  PipelineSettings,
  PipelineSpec,
} from "./pipeline.ts";
export { Plan, PlanItem } from "./plan.ts";
export { CommandPrefix, Policy, PolicyLayer } from "./policy.ts";
export {
  Actor,
  Delegate,
  GitHash,
  Glob,
  type Json,
  RepositoryPath,
  Role,
  Scope,
  Sha256,
  Slug,
  Timestamp,
} from "./primitives.ts";
export type {
  CommandOutcome,
  CommandRequest,
  RedactingStream,
  Redactor,
  Sandbox,
  SandboxRequest,
  SecretMatch,
  SecretScanner,
} from "./process-port.ts";
export { Review, ReviewFinding } from "./review.ts";
export {
  BlobReference,
  DependencySource,
  Enforcement,
  type EventDraft,
  type EventName,
  type EventPayload,
  eventPayloads,
  eventSchemaVersion,
  isKnownEventName,
  type KnownEvent,
  RecordedAnswer,
  RepositoryState,
  RunEvent,
} from "./run-event.ts";
export { ManifestStep, RunManifest, RunStatus } from "./run-manifest.ts";
export type { LogProblem, RunKey, RunLease, RunLog, RunQuery, RunRow, RunStore } from "./run-store.ts";
export { ApprovalPoint, Criterion, TaskSpec } from "./task-spec.ts";
export {
  CaseChange,
  CaseChangeKind,
  CaseList,
  CaseOutcome,
  CheckGoal,
  CheckResult,
  CommandStatus,
  PlanGoal,
  TestCase,
  TestComparison,
  TestReport,
} from "./test-report.ts";
export { Decision, Finding, GateName, Question, QuestionKind, Verdict } from "./verdict.ts";
export type { Workbench, WorkbenchSource, Workspace, WorkspaceFiles } from "./workspace-port.ts";
