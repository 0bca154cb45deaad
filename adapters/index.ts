export { createDirectoryReader } from "../orchestrator/io/repository-reader.ts";
export type {
  CommandPlan,
  DependencyNeed,
  Detection,
  LanguageAdapter,
  PlanPurpose,
  RepositoryReader,
} from "../orchestrator/schema/adapter-port.ts";
export { createCommandAdapter } from "./command/command-adapter.ts";
export { createCppAdapter } from "./cpp/cpp-adapter.ts";
export { type ConfiguredAdapters, createAdapters } from "./create-adapters.ts";
export { type DetectedAdapter, detectAdapter } from "./detect-adapter.ts";
export { createGoAdapter } from "./go/go-adapter.ts";
export { createJavaScriptAdapter } from "./javascript/javascript-adapter.ts";
export { createRustAdapter } from "./rust/rust-adapter.ts";
export type { AdapterKit } from "./team/adapter-kit.ts";
export { loadTeamAdapter } from "./team/load-team-adapter.ts";
