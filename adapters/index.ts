export { createDirectoryReader } from "../orchestrator/io/repository-reader.ts";
export type {
  CommandPlan,
  DependencyNeed,
  Detection,
  LanguageAdapter,
  RepositoryReader,
} from "../orchestrator/schema/adapter-port.ts";
export { createAdapters } from "./create-adapters.ts";
export { type DetectedAdapter, detectAdapter } from "./detect-adapter.ts";
export { createGoAdapter } from "./go/go-adapter.ts";
export { createJavaAdapter } from "./java/java-adapter.ts";
export { createJavaScriptAdapter } from "./javascript/javascript-adapter.ts";
export { createPythonAdapter } from "./python/python-adapter.ts";
