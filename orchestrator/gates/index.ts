export { BudgetEvidence, BudgetUse, budgetGate, outputTokensLeft } from "./budget-gate.ts";
export { type CheckedGate, decisionOf } from "./checked-gate.ts";
export { isCommandAllowed } from "./command-rule.ts";
export { defaultPolicy } from "./default-policy.ts";
export { foldPath, isPlainPath } from "./fold-path.ts";
export {
  compileFoldedGlobs,
  compileGlobs,
  escapeGlob,
  globProblem,
  isGlobInside,
  literalPathOf,
  type PathTest,
} from "./glob.ts";
export { layerOfTask, meet, meetBudgets } from "./meet.ts";
export {
  compileGlobRule,
  compilePathRule,
  type GlobRule,
  isPathAllowed,
  type PathPolicy,
  type PathRefusal,
  type PathRule,
} from "./path-rule.ts";
export { PlanEvidence, planGate } from "./plan-gate.ts";
export { ReviewEvidence, reviewGate } from "./review-gate.ts";
export { type GateRun, noEvidenceSha256, type RunGateOptions, runGate } from "./run-gate.ts";
export { ScopeEvidence, scopeGate } from "./scope-gate.ts";
export { ScannedFile, SecretsEvidence, secretsGate } from "./secrets-gate.ts";
export { SpecEvidence, specGate } from "./spec-gate.ts";
export {
  ControlledPaths,
  defaultSpecPolicy,
  Risk,
  SpecApproval,
  SpecFrontMatter,
  SpecPolicy,
  type SpecSubject,
  specSubject,
} from "./spec-policy.ts";
export { EarlierSpec, SpecAuthor, SpecRecord } from "./spec-record.ts";
export { TestEvidence, testGate } from "./test-gate.ts";
