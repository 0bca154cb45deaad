import type { OrchestratorOptions } from "./orchestrator.ts";
import type { RunArchive } from "./runs/run-archive.ts";
import type { ProjectSetUp } from "./schema/adapter-port.ts";
import type { ConfigFile, PatternLibraryPin, Settings } from "./schema/config.ts";
import type { PatternLibrary } from "./schema/pattern-port.ts";
import type { Redactor, SecretScanner } from "./schema/process-port.ts";
import type { RunKey } from "./schema/run-store.ts";

/** What an orchestrator is assembled from. */
export interface Assembly {
  readonly repository: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly settings: Settings;
  readonly options: OrchestratorOptions;
  /** How this program is started again. */
  readonly program: readonly [string, ...string[]];
  readonly cacheDir: string;
  readonly redactor: Redactor;
  readonly scanner: SecretScanner;
  readonly runs: RunArchive;
  readonly runsRoot: string;
  run(text: string): Promise<RunKey>;
  /** Our patterns and those of the pinned libraries. Rejects with `library_refused`. */
  openPatterns(pins: readonly PatternLibraryPin[]): Promise<PatternLibrary>;
  /** What tells the projects of the repository, as a configuration has it. Rejects with `library_refused`. */
  openAdapters(config: Pick<ConfigFile, "adapters" | "projects">): Promise<ProjectSetUp>;
  readPolicyConfig(repository: string, commit: string): Promise<ConfigFile>;
}
