export { findPluginModule } from "../lint/run/find-plugin-module.ts";
export { findWorkerModule } from "./find-worker-module.ts";
export { createPatternWorkbench } from "./pattern-workbench.ts";
