export { findWorkerModule } from "./find-worker-module.ts";
export { createPatternWorkbench } from "./pattern-workbench.ts";
