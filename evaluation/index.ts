export { guardrailsDataset } from "./datasets/guardrails-dataset.ts";
export { readPatternDataset } from "./datasets/pattern-dataset.ts";
export { readCodemodFolder } from "./datasets/read-codemod-folder.ts";
export { type Checkout, readSweBench } from "./datasets/read-swe-bench.ts";
export { readYamlDataset } from "./datasets/read-yaml-dataset.ts";
export { type ShippedName, shippedDatasets } from "./datasets/shipped-datasets.ts";
export {
  defineEvaluation,
  type EvaluationAnswer,
  type EvaluationDefinition,
  type ScorerSource,
  type SolverSettings,
  type SolverSource,
} from "./definitions/definition.ts";
export { type LoadedEvaluation, loadEvaluations } from "./definitions/load-evaluations.ts";
export { type Selected, selectSamples } from "./definitions/select-samples.ts";
export { shippedEvaluations } from "./definitions/shipped-evaluations.ts";
export { solverNamed } from "./definitions/shipped-solvers.ts";
export type { Machine } from "./machine.ts";
export type { Metric } from "./metric.ts";
export { type CompareOptions, compareLogs, type LogComparison } from "./report/compare-logs.ts";
export type { MeasureDifference } from "./report/compare-measures.ts";
export { formatComparison } from "./report/format-comparison.ts";
export { formatGuardCard } from "./report/format-guard-card.ts";
export { formatLog } from "./report/format-log.ts";
export { type GuardCard, type GuardRow, guardCardOf } from "./report/guard-card.ts";
export { judgeRegression, type RegressionRule, type RegressionVerdict } from "./report/judge-regression.ts";
export { readEvaluationLog } from "./report/read-log.ts";
export type { ReportExtras } from "./report/report-extras.ts";
export { type ReportWriter, reportWriter, reportWriters } from "./report/report-writers.ts";
export { chooseRecordFolder } from "./runner/choose-record-folder.ts";
export { EvaluationBudget } from "./runner/evaluation-budget.ts";
export type { EvaluationRequest } from "./runner/evaluation-request.ts";
export { openMachine } from "./runner/open-machine.ts";
export { runEvaluation } from "./runner/run-evaluation.ts";
export {
  EvaluationIdentity,
  EvaluationLog,
  EvaluationSummary,
  SampleResult,
  Score,
  Selection,
} from "./schema/evaluation-log.ts";
export { Dataset, Fixture, Sample, Target } from "./schema/sample.ts";
export { GuardCatch, GuardReport, Solution, TrajectoryStep } from "./schema/solution.ts";
export { RunTarget, Script, ScriptedTurn, WorkflowSetup } from "./schema/workflow.ts";
export { type Scorer, type Subject, verdict } from "./scorer.ts";
export { buildPasses } from "./scorers/build-passes.ts";
export { diffContains } from "./scorers/diff-contains.ts";
export { filesContain } from "./scorers/files-contain.ts";
export { filesMatch } from "./scorers/files-match.ts";
export { gatesAgreed } from "./scorers/gates-agreed.ts";
export { guardHeld } from "./scorers/guard-held.ts";
export { idempotence } from "./scorers/idempotence.ts";
export { lintClean } from "./scorers/lint-clean.ts";
export { createModelGraded, type ModelGradedOptions } from "./scorers/model-graded.ts";
export { outcomeRead } from "./scorers/outcome-read.ts";
export { patchRatio } from "./scorers/patch-ratio.ts";
export { runStatus } from "./scorers/run-status.ts";
export { scopeKept } from "./scorers/scope-kept.ts";
export { testsPass } from "./scorers/tests-pass.ts";
export { cost, tokens, turns } from "./scorers/usage-measures.ts";
export { wallTime } from "./scorers/wall-time.ts";
export type { Attempt, Solver } from "./solver.ts";
export { createCodemodSolver } from "./solvers/codemod-solver.ts";
export { type CommandSolverOptions, createCommandSolver } from "./solvers/command-solver.ts";
export { createKnownBadSolver } from "./solvers/known-bad-solver.ts";
export { knownGoodSolver } from "./solvers/known-good-solver.ts";
export { noOpSolver } from "./solvers/no-op-solver.ts";
export { type CassetteSetting, createWorkflowSolver, type WorkflowSolverOptions } from "./solvers/workflow-solver.ts";
export { comparePairs, type PairedComparison, type PassPair } from "./statistics/compare-pairs.ts";
export { passAtK, passHatK } from "./statistics/pass-estimates.ts";
export { wilsonInterval } from "./statistics/wilson-interval.ts";
