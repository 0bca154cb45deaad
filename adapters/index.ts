export { createDirectoryReader } from "../orchestrator/io/repository-reader.ts";
export type {
  CheckReading,
  CommandPlan,
  DependencyNeed,
  Detection,
  LanguageAdapter,
  PlanPurpose,
  Project,
  ProjectSetUp,
  RepositoryReader,
} from "../orchestrator/schema/adapter-port.ts";
export {
  type CaseComparison,
  type ComparedCase,
  compareTests,
  isFlaky,
  isLost,
  isWorse,
} from "../orchestrator/schema/compare-tests.ts";
export { createCommandAdapter } from "./command/command-adapter.ts";
export { createCppAdapter } from "./cpp/cpp-adapter.ts";
export { type ConfiguredAdapters, createAdapters } from "./create-adapters.ts";
export { type DetectedAdapter, detectAdapter } from "./detect-adapter.ts";
export type { TestRun } from "./exports/test-run.ts";
export { type CtrfReport, type CtrfTest, writeCtrf } from "./exports/write-ctrf.ts";
export { writeJunit } from "./exports/write-junit.ts";
export { createGoAdapter } from "./go/go-adapter.ts";
export { createJavaAdapter } from "./java/java-adapter.ts";
export { createJavaScriptAdapter } from "./javascript/javascript-adapter.ts";
export { adapterAt } from "./projects/adapter-at.ts";
export { type DetectedProject, detectProjects } from "./projects/detect-projects.ts";
export { findProjects } from "./projects/find-projects.ts";
export { createPythonAdapter } from "./python/python-adapter.ts";
export { readFindings } from "./reports/read-findings.ts";
export { createRustAdapter } from "./rust/rust-adapter.ts";
export type { AdapterKit } from "./team/adapter-kit.ts";
export { loadTeamAdapter } from "./team/load-team-adapter.ts";
