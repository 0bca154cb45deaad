import type { OrchestratorOptions } from "./orchestrator.ts";
import type { RunArchive } from "./runs/run-archive.ts";
import type { LanguageAdapter } from "./schema/adapter-port.ts";
import type { AdapterSetting, ConfigFile, PatternLibraryPin, Settings } from "./schema/config.ts";
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
  /** What a configuration names for the repository's root, the team's own and ours. Rejects with `library_refused`. */
  openAdapters(settings: readonly AdapterSetting[]): Promise<readonly LanguageAdapter[]>;
  readPolicyConfig(repository: string, commit: string): Promise<ConfigFile>;
}
