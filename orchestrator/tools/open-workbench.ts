import { join } from "node:path";
import { readCheck } from "../evidence/read-check.ts";
import { collectSecretEvidence } from "../evidence/secret-evidence.ts";
import { ensureDirectory, removeTree } from "../io/files.ts";
import { filteredEnvironment } from "../io/sandbox.ts";
import type { CheckReading, DependencyNeed, LanguageAdapter, RepositoryReader } from "../schema/adapter-port.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { Policy } from "../schema/policy.ts";
import type { CommandCall, CommandOutcome, Sandbox, SecretScanner } from "../schema/process-port.ts";
import { CheckGoal, type CheckResult } from "../schema/test-report.ts";
import type { Workbench, WorkbenchSource } from "../schema/workspace-port.ts";
import { createTreeReader } from "../workspace/create-tree-reader.ts";
import { createWorkspace } from "../workspace/create-workspace.ts";
import { createPrivateGit } from "../workspace/git-directory.ts";
import { createInOrder } from "../workspace/in-order.ts";
import { type PrivateClone, prepareClone } from "../workspace/prepare-clone.ts";
import { type ProvidedDependencies, provideDependencies } from "../workspace/provide-dependencies.ts";
import { refuseOverlap } from "../workspace/refuse-overlap.ts";
import { rememberTrees } from "../workspace/remember-trees.ts";
import { claimWorkFolder, clonesIn } from "../workspace/work-folders.ts";
import { asWorkspacePort } from "./as-workspace-port.ts";
import { createCheck } from "./create-check.ts";
import { createSteadyText } from "./steady-text.ts";

/** What workbenches are made from. */
export interface WorkbenchParts {
  /** Holds `runs/<run-id>` and `dependencies`. */
  readonly cacheDir: string;
  readonly sandbox: Sandbox;
  readonly scanner: SecretScanner;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Tells the stack of the files, by what the configuration of a commit says of it. */
  readonly detect: (
    reader: RepositoryReader,
    commit: string,
  ) => Promise<{ adapter: LanguageAdapter; evidence: readonly string[] } | null>;
  readonly createReader: (root: string) => RepositoryReader;
}

const noDependencies: ProvidedDependencies = {
  source: { method: "none_needed", lock_file: null, lock_sha256: null, reason: "no adapter knows this repository" },
  folders: [],
  readOnly: [],
  writable: [],
  isUntouched: async () => true,
};

/** Workbenches on private clones under a cache folder, with the repository's own adapter and dependencies. */
export function createWorkbenchSource(parts: WorkbenchParts): WorkbenchSource {
  return {
    open: (request) => openWorkbench(parts, request),
    discard: (runId) => removeTree(join(clonesIn(parts.cacheDir), runId)),
  };
}

/** Where one run's things are, and what bounds its commands. */
interface Place {
  readonly clone: PrivateClone;
  readonly repositoryRoot: string;
  /** Folders that a command may write, and that are empty when it starts. */
  readonly home: string;
  readonly reports: string;
  readonly temporary: string;
  readonly policy: Policy;
  readonly isConfined: boolean;
  /** Says that a program works, or worked, on the files. */
  readonly disturb: () => void;
  /** Looks at the dependencies, and makes them anew where a command changed them. */
  readonly provide: () => Promise<ProvidedDependencies>;
}

type OpenRequest = Parameters<WorkbenchSource["open"]>[0];

async function openWorkbench(
  parts: WorkbenchParts,
  { policy, repository, runId, tree, signal }: OpenRequest,
): Promise<Workbench> {
  const enforcement = parts.sandbox.enforcement(policy.network.commands);
  if (policy.require_sandbox && enforcement.sandbox !== "bubblewrap") {
    throw new OrchestratorError("sandbox_unavailable", `the policy requires a sandbox: ${enforcement.reason}`);
  }
  const folder = join(clonesIn(parts.cacheDir), runId);
  await refuseOverlap(repository.root, folder);
  await claimWorkFolder(folder, repository.root);
  const clone = await prepareClone({ repository, runId, directory: join(folder, "clone") });
  // What the commands are, and what they need, is read from the run's own files, not from what a command left in their place.
  if (tree !== null) await createWorkspace(clone).putBack(tree);
  const reader = parts.createReader(clone.root);
  const found = await parts.detect(reader, repository.base_commit);
  const need = await found?.adapter.dependencies(reader);
  const provide = createProvider(parts, clone, repository.root, policy, found?.adapter ?? null, need, signal);
  const dependencies = await provide();
  const git = createPrivateGit(clone.gitDirectory, clone.root, clone.settings);
  const workspace = rememberTrees(createWorkspace(clone, need?.folders ?? [], dependencies.folders));
  const isConfined = enforcement.writes_confined;
  const disturb = () => workspace.disturb(!isConfined);
  const place = { ...placeOf(clone), repositoryRoot: repository.root, policy, isConfined, disturb, provide };
  const goals = found === null ? [] : await goalsOf(found.adapter, reader, place.reports);
  const port = asWorkspacePort(workspace);
  const inOrder = createInOrder();
  const check =
    found === null ? null : createCheck(workspace, (goal, call) => runGoal(parts, place, found.adapter, goal, call));
  return {
    workspace: port,
    prepared: {
      branch: clone.branch,
      tree: await workspace.snapshot(),
      adapter: found === null ? null : { id: found.adapter.id, evidence: [...found.evidence] },
      goals: [...goals],
      dependencies: dependencies.source,
      enforcement,
    },
    checkPaths: async ({ paths, tree }) => {
      const readers = [createTreeReader(git, clone.baseTree), createTreeReader(git, tree)] as const;
      return (await found?.adapter.checkPaths(paths, ...readers)) ?? [];
    },
    check: (goal, call) => inOrder(async () => (await check?.(goal, call)) ?? withoutCommand(goal)),
    command: (argv, call) =>
      inOrder(() =>
        runIn(parts, place, { argv, cwd: clone.root, env: {}, timeoutMs: policy.limits.command_timeout_ms }, call),
      ),
    secretEvidence: async (stop) => {
      const { change } = await port.change();
      return collectSecretEvidence(git, change, parts.scanner, undefined, stop);
    },
    steady: createSteadyText({ workspace: clone.root, cache: parts.cacheDir, repository: repository.root }),
  };
}

function createProvider(
  parts: WorkbenchParts,
  clone: PrivateClone,
  repositoryRoot: string,
  policy: Policy,
  adapter: LanguageAdapter | null,
  need: DependencyNeed | undefined,
  signal: AbortSignal,
): () => Promise<ProvidedDependencies> {
  if (adapter === null || need === undefined) return async () => noDependencies;
  const { cacheDir, sandbox } = parts;
  const environment = filteredEnvironment(parts.environment, {});
  const network = policy.network.install;
  const compareInstalled = (lockFile: string) => adapter.compareInstalled(parts.createReader(repositoryRoot), lockFile);
  const where = { repositoryRoot, tree: clone.root, cacheDir };
  const request = { need, ...where, compareInstalled, sandbox, network, environment, signal };
  let provided: ProvidedDependencies | null = null;
  return async () => {
    if (provided === null || !(await provided.isUntouched())) provided = await provideDependencies(request);
    return provided;
  };
}

function placeOf(clone: PrivateClone): Pick<Place, "clone" | "home" | "reports" | "temporary"> {
  const inside = (name: string) => join(clone.directory, name);
  return { clone, home: inside("home"), reports: inside("reports"), temporary: inside("temporary") };
}

/** Empty folders for one command: nothing that another one left there is found. */
async function emptyFolders(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    await removeTree(folder);
    await ensureDirectory(folder);
  }
}

async function goalsOf(
  adapter: LanguageAdapter,
  reader: RepositoryReader,
  reports: string,
): Promise<readonly CheckGoal[]> {
  const goals: CheckGoal[] = [];
  for (const goal of CheckGoal.options) {
    if ((await adapter.plan(reader, goal, reports)) !== null) goals.push(goal);
  }
  return goals;
}

/** Runs one of the repository's own commands on the files as they are, or resolves with null where there is none any more. */
async function runGoal(
  parts: WorkbenchParts,
  place: Place,
  adapter: LanguageAdapter,
  goal: CheckGoal,
  call: CommandCall,
): Promise<CheckReading | null> {
  const plan = await adapter.plan(parts.createReader(place.clone.root), goal, place.reports);
  if (plan === null) return null;
  const { argv, env } = plan;
  const timeoutMs = Math.min(plan.timeoutMs, place.policy.limits.command_timeout_ms);
  const outcome = await runIn(parts, place, { argv, cwd: join(place.clone.root, plan.cwd), env, timeoutMs }, call);
  return readCheck(adapter, plan, outcome, place.reports);
}

/** The base had this command, or it would not have been asked for. */
function withoutCommand(goal: CheckGoal): CheckResult {
  return {
    goal,
    command: [],
    status: "failed_to_start",
    exit_code: null,
    duration_ms: 0,
    verdict: "failed",
    reason: `the change takes the repository's ${goal} command away`,
    report: null,
    counts: {},
    not_passed: null,
    output_tail: "",
  };
}

type Program = {
  argv: readonly [string, ...string[]];
  cwd: string;
  env: Readonly<Record<string, string>>;
  timeoutMs: number;
};

async function runIn(
  parts: WorkbenchParts,
  place: Place,
  program: Program,
  call: CommandCall,
): Promise<CommandOutcome> {
  const { home, reports, temporary, clone, policy } = place;
  const dependencies = await place.provide();
  const own = [home, reports, ...(place.isConfined ? [] : [temporary]), ...dependencies.writable];
  await emptyFolders(own);
  const environment = filteredEnvironment(parts.environment, {
    HOME: home,
    TMPDIR: place.isConfined ? "/tmp" : temporary,
    CI: "true",
    ...program.env,
  });
  place.disturb();
  const outcome = await parts.sandbox
    .run(
      { ...program, env: environment, outputBytesMax: policy.limits.output_bytes_max, ...call },
      {
        writable: [clone.root, ...own],
        readOnly: [...clone.shown, ...dependencies.readOnly],
        hidden: [place.repositoryRoot],
        network: policy.network.commands,
      },
    )
    .finally(place.disturb);
  if (outcome.status === "aborted") throw new OrchestratorError("aborted", `${program.argv[0]} was stopped`);
  return outcome;
}
