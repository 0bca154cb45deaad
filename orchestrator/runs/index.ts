export { createFileRunStore, type FileRunStoreOptions } from "./file-run-store.ts";
export type { HeartbeatSettings } from "./heartbeat-file.ts";
export { createManifestFold, foldManifest, type ManifestFold, manifestText } from "./manifest-fold.ts";
export { createMemoryRunStore } from "./memory-run-store.ts";
export { resolveRun } from "./resolve-run.ts";
export type { RunArchive } from "./run-archive.ts";
export { runsReadme } from "./runs-readme.ts";
export { type RunVerification, type VerifyProblem, verifyRun } from "./verify-run.ts";
