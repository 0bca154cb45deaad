import { availableParallelism, homedir } from "node:os";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { ServeOptions } from "./assemble-mcp.ts";
import { configFileName, parseConfigFile, readConfigAtCommit } from "./evidence/config-at-commit.ts";
import { systemClock } from "./io/clock.ts";
import { exists, isFolderOrAbsent, readFileIfThere } from "./io/files.ts";
import { createGit } from "./io/git.ts";
import { withoutListeners } from "./io/own-listeners.ts";
import { createRedactor } from "./io/redact/redactor.ts";
import { registerEnvironment } from "./io/redact/register-environment.ts";
import { createRuleScanner, createSecretScanner } from "./io/secret-scanner.ts";
import { loadSigner } from "./io/signing-key.ts";
import type { Cassette, CassetteOptions } from "./models/cassette.ts";
import type { ModelOfRole } from "./models/model-source.ts";
import type { Goals, ModelsWanted, Orchestrator, OrchestratorOptions, Pipelines } from "./orchestrator.ts";
import { readSettings, type SettingsLayer } from "./read-settings.ts";
import { createFileRunStore } from "./runs/file-run-store.ts";
import { resolveRun } from "./runs/resolve-run.ts";
import { type RunAdoption, readRunAdoption } from "./runs/run-adoption.ts";
import type { RunArchive } from "./runs/run-archive.ts";
import type { AdapterBench } from "./schema/adapter-bench.ts";
import type { DependencyNeed, LanguageAdapter, ProjectSetUp } from "./schema/adapter-port.ts";
import { type AdapterPin, type AdapterSetting, type ConfigFile, PatternLibraryPin, Settings } from "./schema/config.ts";
import { isOrchestratorError, OrchestratorError } from "./schema/errors.ts";
import type { CandidateBench, PatternNursery } from "./schema/pattern-ingest.ts";
import type { PatternLibrary } from "./schema/pattern-port.ts";
import type { LibraryHash, PatternWorkbench } from "./schema/pattern-workbench.ts";
import type { Redactor, SecretScanner } from "./schema/process-port.ts";
import type { RunKey } from "./schema/run-store.ts";
import type { Signer } from "./schema/signing.ts";
import type { TemplateLibrary } from "./schema/template-port.ts";
import { CheckGoal } from "./schema/test-report.ts";
import { cacheFolderOf } from "./workspace/cache-folder.ts";
import { findRepositoryRoot } from "./workspace/inspect-repository.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The runs of a repository, for those that only look: nothing of the Agents SDK is loaded. */
export interface OpenRuns {
  readonly repository: string;
  readonly runsRoot: string;
  /** Where private clones and what pipelines need for a while lie. */
  readonly cacheDir: string;
  readonly runs: RunArchive;
  /**
   * A run by its id, a unique prefix, `latest` (the newest that is not damaged; `note` is told of those passed over) or a path. Rejects with
   * `run_not_found` or `run_ambiguous`.
   */
  run(text: string, note?: (message: string) => void): Promise<RunKey>;
}

/** Opens the runs of the repository around a folder. */
export async function openRuns(options: OpenRunsOptions = {}): Promise<OpenRuns> {
  return openRunsOf(await openBase(options, options.onBadConfig));
}

/** Where runs are looked for, and as whom. */
export interface OpenRunsOptions {
  readonly repository?: string;
  readonly environment?: Environment;
  /** Told of a configuration that cannot be read; then the defaults hold, since what happened can be read all the same. Default: it is thrown. */
  readonly onBadConfig?: (fault: OrchestratorError) => void;
}

/**
 * Reads one run by its folder: `.runs/<task>/<run>` of any repository, or a copy of it elsewhere. Null where the folder holds no log. For
 * readers alone; nothing of a repository is asked.
 */
export async function openRunFolder(
  folder: string,
  environment: Environment,
): Promise<(Pick<OpenRuns, "runs" | "runsRoot"> & { readonly key: RunKey }) | null> {
  if (!(await exists(join(folder, "events.jsonl")))) return null;
  const redactor = createRedactor({ scanner: await createSecretScanner() });
  registerEnvironment(redactor, environment);
  const runsRoot = dirname(dirname(folder));
  const runs = createFileRunStore({
    root: runsRoot,
    clock: systemClock,
    redactor,
    heartbeat: heartbeatOf(Settings.parse({})),
  });
  return { runs, runsRoot, key: { taskId: basename(dirname(folder)), runId: basename(folder) } };
}

/** What both the reader of runs and the runner are made from. */
interface Base {
  readonly repository: string;
  readonly environment: Environment;
  readonly config: ConfigFile;
  readonly settings: Settings;
  readonly scanner: SecretScanner;
  readonly redactor: Redactor;
  readonly signer: Signer | undefined;
  readonly program: readonly [string, ...string[]];
}

async function openBase(options: OrchestratorOptions, onBadConfig?: OpenRunsOptions["onBadConfig"]): Promise<Base> {
  assertOptions(options);
  const environment = options.environment ?? process.env;
  const repository = await findRepositoryRoot(resolve(options.repository ?? "."));
  await refuseOddRunsFolder(join(repository, runsFolder));
  const config = await readWorkingConfig(repository, onBadConfig);
  const scanner = await createSecretScanner();
  const redactor = createRedactor({ scanner });
  registerEnvironment(redactor, environment);
  const settings = readSettings(layersOf(config, environment, options));
  const keyFile = environment["ORCHESTRATOR_SIGNING_KEY_FILE"];
  const signer = keyFile ? await loadSigner(keyFile) : undefined;
  const program = options.program ?? installedProgram();
  return { repository, environment, config, settings, scanner, redactor, signer, program };
}

/** The command line as it lies beside the library. */
function installedProgram(): readonly [string, ...string[]] {
  return [process.execPath, fileURLToPath(new URL("../bin/codex-orchestrator.mjs", import.meta.url))];
}

const runsFolder = ".runs";

async function refuseOddRunsFolder(path: string): Promise<void> {
  if (await isFolderOrAbsent(path)) return;
  throw new OrchestratorError("repository_unusable", `${path} is no folder, so no run can be kept there; move it away`);
}

/** Settings are read where the user edits them; the policy alone is read from the base commit. */
async function readWorkingConfig(repository: string, onBadConfig: OpenRunsOptions["onBadConfig"]): Promise<ConfigFile> {
  const bytes = await readFileIfThere(join(repository, configFileName), configBytesMax);
  try {
    return parseConfigFile(bytes?.toString("utf8") ?? noConfig);
  } catch (error) {
    if (onBadConfig === undefined || !isOrchestratorError(error, "config_invalid")) throw error;
    onBadConfig(error);
    return parseConfigFile(noConfig);
  }
}

const noConfig = "version: 1\n";
const configBytesMax = 1_048_576;

/** Callers without types may give anything. */
function assertOptions({ model, repository, baseUrl }: OrchestratorOptions): void {
  const isModel = model === undefined || typeof model === "string" || typeof model === "function";
  if (!isModel) throw new OrchestratorError("usage", "the option model is a name or a function of the role");
  for (const [name, value] of Object.entries({ repository, baseUrl })) {
    if (value === undefined || typeof value === "string") continue;
    throw new OrchestratorError("usage", `the option ${name} is a text`);
  }
}

/** Every place of a setting, in the order of their weight. */
function layersOf(
  config: ConfigFile,
  environment: Environment,
  options: OrchestratorOptions,
): readonly SettingsLayer[] {
  const { model, baseUrl } = options;
  const flags = {
    ...(typeof model === "string" ? { model } : {}),
    ...(baseUrl === undefined ? {} : { base_url: baseUrl }),
  };
  return [
    { values: config.settings, nameOf: (setting) => `${configFileName}: settings.${setting}` },
    { values: settingsIn(environment), nameOf: (setting) => variables[setting] ?? setting },
    { values: options.settings ?? {}, nameOf: (setting) => `settings.${setting}` },
    {
      values: flags,
      nameOf: (setting) => (setting === "base_url" ? "baseUrl (--base-url)" : `${setting} (--${setting})`),
    },
  ];
}

const variables: Readonly<Record<string, string>> = {
  model: "ORCHESTRATOR_MODEL",
  cache_dir: "ORCHESTRATOR_CACHE_DIR",
};

function settingsIn(environment: Environment): Readonly<Record<string, string>> {
  const set = Object.entries(variables).map(([setting, variable]) => [setting, environment[variable] ?? ""] as const);
  return Object.fromEntries(set.filter(([, value]) => value !== ""));
}

function openRunsOf(base: Base): OpenRuns {
  const { repository, settings, redactor, signer } = base;
  const runsRoot = join(repository, runsFolder);
  const runs = createFileRunStore({
    root: runsRoot,
    clock: systemClock,
    redactor,
    signer,
    heartbeat: heartbeatOf(settings),
  });
  return {
    repository,
    runsRoot,
    cacheDir: cacheDirOf(base),
    runs,
    run: (text, note) => resolveRun(runs, text, note),
  };
}

function heartbeatOf(settings: Settings) {
  return {
    intervalSeconds: settings.heartbeat_interval_seconds,
    staleAfterSeconds: settings.heartbeat_stale_after_seconds,
  };
}

/**
 * An orchestrator for one repository. Rejects with `repository_unusable`, `config_invalid`, `usage` or `model_unknown`. The parts that
 * are heavy to load are loaded here, not on import. From then on, spans of the Agents SDK in this process go to the runs' `traces.jsonl`
 * alone: trace processors that a host program set are replaced.
 */
export async function createOrchestrator(options: OrchestratorOptions = {}): Promise<Orchestrator> {
  const base = await openBase(options);
  const { assemble } = await withoutListeners(() => import("./assemble.ts"));
  const openPatternsOf = (pins: readonly PatternLibraryPin[]) => openPinned(base, pins);
  return assemble({ ...base, ...portsOf(base), options, openPatterns: openPatternsOf });
}

/** The models that a name stands for, outside of any run. Rejects with `model_unknown`, and `usage` where a key is missing. */
export async function openModels(wanted: ModelsWanted): Promise<ModelOfRole> {
  const { model, baseUrl, environment = process.env } = wanted;
  const { createModelSource } = await withoutListeners(() => import("./models/model-source.ts"));
  const settings = Settings.parse({ ...wanted.settings, model, base_url: baseUrl ?? null });
  const readRun = () => {
    throw new OrchestratorError("model_unknown", `${model} can be used in a run alone; use recipe or openai:<model>`);
  };
  return createModelSource({ settings, environment, readRun });
}

/** Models whose answers are kept in a folder, or come from one. Rejects with `document_invalid` and `disk_failed`. */
export async function openModelCassette(options: CassetteOptions): Promise<Cassette> {
  const { openCassette } = await withoutListeners(() => import("./models/cassette.ts"));
  return openCassette(options);
}

/** The pipelines of a repository. Rejects as `createOrchestrator`; nothing of the Agents SDK is loaded. */
export async function openPipelines(
  options: Pick<OrchestratorOptions, "repository" | "environment" | "settings" | "program"> = {},
): Promise<Pipelines> {
  const base = await openBase(options);
  const { assemblePipelines } = await import("./assemble-pipelines.ts");
  return assemblePipelines({ ...base, ...portsOf(base) });
}

/** What works through many goals, recorded in one repository. Rejects as `createOrchestrator`. */
export async function openGoals(
  options: Pick<OrchestratorOptions, "repository" | "environment" | "settings" | "model"> = {},
): Promise<Goals> {
  const base = await openBase(options);
  const { assembleGoals } = await import("./assemble-goals.ts");
  const stacksOf = async (repository: string) => {
    const stacks = await inspectStacks(repository, base.environment);
    return [...new Set(stacks.map(({ adapter }) => adapter))];
  };
  return assembleGoals({
    ...{ ...base, ...portsOf(base), stacksOf, model: options.model },
    openOrchestrator: createOrchestrator,
  });
}

/** Serves the tools of a working copy over MCP until the input ends. Rejects as `createOrchestrator`. */
export async function serveWorkingTools(
  options: Pick<OrchestratorOptions, "repository" | "environment" | "program">,
  serve: ServeOptions,
): Promise<void> {
  const base = await openBase(options);
  const { serveRepositoryTools } = await import("./assemble-mcp.ts");
  await serveRepositoryTools({ ...base, ...portsOf(base) }, serve);
}

/** What the workflow gets of a repository, whatever it is started for. */
function portsOf(base: Base) {
  return {
    ...openRunsOf(base),
    readPolicyConfig,
    openAdapters: (config: AdapterConfig) => openAdapters(base, config),
  };
}

/** The folder that the settings name, or the repository's own in the user's cache. */
function cacheDirOf({
  settings,
  environment,
  repository,
}: Pick<Base, "settings" | "environment" | "repository">): string {
  if (settings.cache_dir !== null) return resolve(repository, settings.cache_dir);
  const userCache = environment["XDG_CACHE_HOME"] || join(environment["HOME"] || homedir(), ".cache");
  return cacheFolderOf(userCache, repository);
}

function readPolicyConfig(repository: string, commit: string): Promise<ConfigFile> {
  return readConfigAtCommit(createGit(repository), commit);
}

type Cached = Parameters<typeof cacheDirOf>[0];

async function openShelf(cached: Cached, pins: readonly PatternLibraryPin[]) {
  const [{ openLibraries }, { findEngineModule }] = await Promise.all([
    import("../patterns/libraries/open-libraries.ts"),
    import("../patterns/libraries/find-engine-module.ts"),
  ]);
  const engineModule = await findEngineModule();
  return openLibraries({ root: cached.repository, pins, cacheDir: cacheDirOf(cached), engineModule });
}

async function openPinned(cached: Cached, pins: readonly PatternLibraryPin[]): Promise<PatternLibrary> {
  const { openPatternLibrary } = await import("../patterns/libraries/open-libraries.ts");
  return openPatternLibrary(await openShelf(cached, pins));
}

type AdapterConfig = Pick<ConfigFile, "adapters" | "projects">;

/**
 * What tells the projects in a folder of the repository (default: its root), whose roots are then relative to that. The code of the team's
 * own adapters is loaded from a copy of exactly the files whose hash is pinned.
 */
async function openAdapters(cached: Cached, config: AdapterConfig, folder = cached.repository): Promise<ProjectSetUp> {
  const [{ createAdapters }, { compileGlobs }] = await Promise.all([
    import("../adapters/index.ts"),
    import("./gates/glob.ts"),
  ]);
  const pins = config.adapters.filter((setting) => setting.kind === "module");
  const above = relative(cached.repository, folder).split(sep).join("/");
  const isListed = compileGlobs((config.projects ?? ["**"]).filter((glob) => glob !== "."));
  const isWanted = (root: string) => {
    const path = [above, root].filter((part) => part !== "" && part !== ".").join("/");
    return config.projects === null || (path === "" ? config.projects.includes(".") : isListed(path));
  };
  return {
    adapters: createAdapters({ modules: await Promise.all(pins.map((pin) => loadAdapter(cached, pin))) }),
    own: pins.map(({ name }) => name),
    configured: await commandAdaptersIn(above, config.adapters),
    isWanted,
  };
}

async function loadAdapter(cached: Cached, pin: AdapterPin): Promise<LanguageAdapter> {
  const [{ placePinned }, { loadTeamAdapter }] = await Promise.all([
    import("../patterns/libraries/open-libraries.ts"),
    import("../adapters/index.ts"),
  ]);
  const place = { root: cached.repository, cacheDir: cacheDirOf(cached), engineModule: null };
  const remedy = `look at what changed, then write the new hash under adapters in ${configFileName}, and commit it`;
  return loadTeamAdapter(pin.name, (await placePinned(place, pin, remedy)).entry);
}

/** The configuration that a commit of the repository in a root holds; its defaults where there is no such commit, or no repository. */
async function configAt(root: string, commit: string): Promise<ConfigFile> {
  const none = parseConfigFile(noConfig);
  if (!(await exists(join(root, ".git")))) return none;
  const git = createGit(root);
  const { code } = await git.run(["rev-parse", "--verify", "--quiet", `${commit}^{commit}`], { okCodes: [0, 1, 128] });
  return code === 0 ? readConfigAtCommit(git, commit) : none;
}

async function shelfAt(root: string, environment: Environment, commit = "HEAD") {
  const config = await configAt(root, commit);
  const settings = readSettings(layersOf(config, environment, {}));
  return openShelf({ settings, environment, repository: root }, config.pattern_libraries);
}

/** The patterns that a run from this commit could use. Rejects with `library_refused`. */
export async function openPatterns(folder: string, environment: Environment, commit?: string): Promise<PatternLibrary> {
  const { openPatternLibrary } = await import("../patterns/libraries/open-libraries.ts");
  return openPatternLibrary(await shelfAt(await findRepositoryRoot(folder), environment, commit));
}

/** The patterns at work on folders. Loads the pattern library and its engine alone. */
export async function openPatternWorkbench(environment: Environment): Promise<PatternWorkbench> {
  const { createPatternWorkbench, findPluginModule, findWorkerModule } = await import("../patterns/apply/index.ts");
  const lint = {
    plugin: await findPluginModule(),
    node: process.execPath,
    environment: linterEnvironment(environment),
  };
  return createPatternWorkbench({
    clock: systemClock,
    workerModule: await findWorkerModule(),
    threads: Math.min(availableParallelism(), patternThreadsMax),
    libraries: (root) => shelfAt(root, environment),
    lint,
  });
}

/** A linter may be the repository's own, so it sees no credentials, and nothing that loads other code into it. */
function linterEnvironment(environment: Environment): Readonly<Record<string, string>> {
  const names = ["PATH", "HOME", "TMPDIR", "TEMP", "TMP", "LANG", "TZ", "SystemRoot"];
  return Object.fromEntries(names.map((name) => [name, environment[name] ?? ""]).filter(([, value]) => value !== ""));
}

/** Which library is to be pinned. */
export interface PinRequest {
  /** A folder in the repository. */
  readonly folder: string;
  /** The name of a library of the working copy's configuration, or a place as `from` takes it. */
  readonly library: string;
  /** Default: made from the place. */
  readonly name?: string | undefined;
}

/** The hash of a library as it is now, whose code is not run. Rejects with `usage` and `library_refused`. */
export async function hashPatternLibrary({ folder, library, name }: PinRequest): Promise<LibraryHash> {
  const { hashLibrary } = await import("../patterns/libraries/open-libraries.ts");
  const root = await findRepositoryRoot(folder);
  const { pattern_libraries: pins } = await readWorkingConfig(root, () => {});
  const known = pins.find((pin) => pin.name === library);
  const made = library.replace(/^.*\//, "").toLowerCase();
  const unpinned = { name: name ?? made, from: library, sha256: "0".repeat(64) };
  const parsed = PatternLibraryPin.safeParse(known ?? unpinned);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
    throw new OrchestratorError("usage", `${library} cannot be pinned as ${unpinned.name} (see --name): ${problems}`);
  }
  const pin = parsed.data;
  const { sha256, files } = await hashLibrary(root, pin.name, pin.from);
  const committed = (await configAt(root, "HEAD")).pattern_libraries.find((each) => each.name === pin.name);
  return { ...pin, sha256, files, pinned_sha256: committed?.sha256 ?? null };
}

const adoptionRunsMax = 1_000;

/** How often the newest runs of the repository around a folder used each pattern; null where there is no repository or no run. */
export async function readAdoption(folder: string): Promise<RunAdoption | null> {
  const root = await findRepositoryRoot(folder).catch(() => null);
  if (root === null || !(await exists(join(root, runsFolder)))) return null;
  // Nothing is written, so nothing is to be redacted.
  const redactor = createRedactor({ scanner: createRuleScanner([]) });
  const heartbeat = heartbeatOf(Settings.parse({}));
  const runs = createFileRunStore({ root: join(root, runsFolder), clock: systemClock, redactor, heartbeat });
  return readRunAdoption(runs, adoptionRunsMax);
}

const patternThreadsMax = 8;

/** What makes candidates of what the runs of a repository did. Rejects with `library_refused` where a library that is pinned is not as it was. */
export async function openPatternNursery(repository: string, environment: Environment): Promise<PatternNursery> {
  const { createPatternNursery } = await import("../patterns/ingest/pattern-nursery.ts");
  return createPatternNursery(await openPatterns(repository, environment));
}

/** What tests candidates and moves them into a library. Loads the pattern library and its engine alone. */
export async function openCandidateBench(repository: string, environment: Environment): Promise<CandidateBench> {
  const [{ createCandidateBench }, { findEngineModule }] = await Promise.all([
    import("../patterns/ingest/candidate-bench.ts"),
    import("../patterns/libraries/find-engine-module.ts"),
  ]);
  const settings = readSettings(layersOf(parseConfigFile(noConfig), environment, {}));
  return createCandidateBench({
    cacheDir: cacheDirOf({ settings, environment, repository }),
    engineModule: await findEngineModule(),
  });
}

/** The templates there are, with those of the libraries that the last commit around a folder pins. Runs no code of a library. */
export async function openTemplates(folder: string, environment: Environment): Promise<TemplateLibrary> {
  const { createTemplateLibrary } = await import("../patterns/fill/template-library.ts");
  const root = await findRepositoryRoot(folder).catch(() => null);
  return createTemplateLibrary({
    clock: systemClock,
    ...(root === null ? {} : { shelf: () => shelfAt(root, environment) }),
  });
}

/** The adapters at work on folders, under the policy that the last commit around each has. */
export async function openAdapterBench(environment: Environment): Promise<AdapterBench> {
  const [{ assembleAdapters }, { assembleWorkbenches }, { meet }, { defaultPolicy }] = await Promise.all([
    import("./assemble-adapters.ts"),
    import("./assemble-workbenches.ts"),
    import("./gates/meet.ts"),
    import("./gates/default-policy.ts"),
  ]);
  const scanner = await createSecretScanner();
  const redactor = createRedactor({ scanner });
  registerEnvironment(redactor, environment);
  const policyAt = async (root: string, commit: string) => meet(defaultPolicy(), (await configAt(root, commit)).policy);
  const cachedAt = async (root: string): Promise<Cached> => {
    const settings = readSettings(layersOf(await configAt(root, "HEAD"), environment, {}));
    return { settings, environment, repository: root };
  };
  const setUpOf = async (folder: string) => {
    const root = await findRepositoryRoot(folder).catch(() => folder);
    const projects = await openAdapters(await cachedAt(root), await configAt(root, "HEAD"), folder);
    return { policy: await policyAt(root, "HEAD"), projects };
  };
  const comparisonIn = async (folder: string) => {
    const repository = await findRepositoryRoot(folder);
    const cached = await cachedAt(repository);
    const benches = assembleWorkbenches({
      ...cached,
      cacheDir: cacheDirOf(cached),
      redactor,
      scanner,
      openAdapters: (config) => openAdapters(cached, config),
      readPolicyConfig: configAt,
    });
    return { benches, clock: systemClock, policyAt };
  };
  return assembleAdapters({ environment, redactor, program: installedProgram(), setUpOf, comparisonIn });
}

/** The commands that are configured for roots in a folder of the repository; the roots relative to that folder. */
async function commandAdaptersIn(folder: string, settings: readonly AdapterSetting[]) {
  const { createCommandAdapter } = await import("../adapters/index.ts");
  return settings.flatMap((setting) => {
    if (setting.kind !== "command") return [];
    const root = relative(folder, setting.root).split(sep).join("/") || ".";
    return root.split("/")[0] === ".." ? [] : [{ root, adapter: createCommandAdapter(setting) }];
  });
}

/** A project of a repository as its adapter sees it. */
export interface Stack {
  readonly root: string;
  readonly adapter: string;
  readonly evidence: readonly string[];
  /** The checks that it has commands for. */
  readonly goals: readonly CheckGoal[];
  readonly dependencies: DependencyNeed;
}

/** The projects in a folder, by the configuration of its last commit. Starts nothing. */
export async function inspectStacks(folder: string, environment: Environment = process.env): Promise<readonly Stack[]> {
  const { createDirectoryReader, findProjects } = await import("../adapters/index.ts");
  const reader = createDirectoryReader(folder);
  const config = await configAt(folder, "HEAD");
  const settings = readSettings(layersOf(config, environment, {}));
  const setUp = await openAdapters({ settings, environment, repository: folder }, config);
  const projects = await findProjects(setUp, reader);
  return Promise.all(
    projects.map(async ({ root, adapter, detection }) => {
      const planned = CheckGoal.options.map(async (goal) => ({ goal, plan: await adapter.plan(reader, goal, folder) }));
      return {
        root,
        adapter: adapter.id,
        evidence: detection.evidence,
        goals: (await Promise.all(planned)).flatMap(({ goal, plan }) => (plan === null ? [] : [goal])),
        dependencies: await adapter.dependencies(reader),
      };
    }),
  );
}
