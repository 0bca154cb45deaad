export { createDirectoryReader } from "../orchestrator/io/repository-reader.ts";
export type {
  CheckReading,
  CommandPlan,
  DependencyNeed,
  Detection,
  LanguageAdapter,
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
export { createAdapters } from "./create-adapters.ts";
export { type DetectedAdapter, detectAdapter } from "./detect-adapter.ts";
export { createGoAdapter } from "./go/go-adapter.ts";
export { createJavaScriptAdapter } from "./javascript/javascript-adapter.ts";
export { adapterAt } from "./projects/adapter-at.ts";
export { type DetectedProject, detectProjects } from "./projects/detect-projects.ts";
export { detectStack } from "./projects/detect-stack.ts";
