import { join } from "node:path";
import { readCheck } from "../evidence/read-check.ts";
import { collectSecretEvidence } from "../evidence/secret-evidence.ts";
import { ensureDirectory, removeTree } from "../io/files.ts";
import { filteredEnvironment } from "../io/sandbox.ts";
import type { CheckReading, CommandPlan, Project, RepositoryReader } from "../schema/adapter-port.ts";
import { labelled } from "../schema/checked-project.ts";
import { isOrchestratorError, messageOf, OrchestratorError } from "../schema/errors.ts";
import type { Policy } from "../schema/policy.ts";
import type { CommandCall, CommandOutcome, Sandbox, SecretScanner } from "../schema/process-port.ts";
import type { DependencySource, PreparedProject } from "../schema/run-event.ts";
import { CheckGoal, type CheckResult } from "../schema/test-report.ts";
import type { Workbench, WorkbenchSource } from "../schema/workspace-port.ts";
import { createTreeReader } from "../workspace/create-tree-reader.ts";
import { createWorkspace } from "../workspace/create-workspace.ts";
import { createPrivateGit } from "../workspace/git-directory.ts";
import { createInOrder } from "../workspace/in-order.ts";
import { type PrivateClone, prepareClone } from "../workspace/prepare-clone.ts";
import { refuseOverlap } from "../workspace/refuse-overlap.ts";
import { rememberTrees } from "../workspace/remember-trees.ts";
import { claimWorkFolder, clonesIn } from "../workspace/work-folders.ts";
import { asWorkspacePort } from "./as-workspace-port.ts";
import { createCheck } from "./create-check.ts";
import { createProvider, type ProvidedProjects } from "./provide-projects.ts";
import { joinProjects, type ReadyProject, surveyProjects } from "./ready-projects.ts";
import { createSteadyText } from "./steady-text.ts";

/** What workbenches are made from. */
export interface WorkbenchParts {
  /** Holds `runs/<run-id>` and `dependencies`. */
  readonly cacheDir: string;
  readonly sandbox: Sandbox;
  readonly scanner: SecretScanner;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The projects of the files, by what the configuration of a commit says of them. */
  readonly findProjects: (reader: RepositoryReader, commit: string) => Promise<readonly Project[]>;
  readonly createReader: (root: string) => RepositoryReader;
}

/** What is on record of the dependencies of a repository without a project. */
const noDependencies: DependencySource = {
  ...{ method: "none_needed", lock_file: null, lock_sha256: null },
  reason: "no adapter knows this repository",
};

/** Workbenches on private clones under a cache folder, with the repository's own projects and their dependencies. */
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
  readonly provide: () => Promise<ProvidedProjects>;
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
  const reader = parts.createReader(clone.root);
  const places = placeOf(clone);
  const projects = await findReadyProjects(parts, { clone, reader, tree, reports: places.reports });
  const provide = createProvider(projects, {
    ...{ repositoryRoot: repository.root, tree: clone.root, cacheDir: parts.cacheDir, sandbox: parts.sandbox, signal },
    network: policy.network.install,
    environment: filteredEnvironment(parts.environment, {}),
    installed: parts.createReader(repository.root),
  });
  const dependencies = await provide();
  const git = createPrivateGit(clone.gitDirectory, clone.root, clone.settings);
  const needed = projects.flatMap(({ need }) => need.folders);
  const workspace = rememberTrees(createWorkspace(clone, needed, dependencies.folders));
  const isConfined = enforcement.writes_confined;
  const disturb = () => workspace.disturb(!isConfined);
  const place = { ...places, repositoryRoot: repository.root, policy, isConfined, disturb, provide };
  const port = asWorkspacePort(workspace);
  const inOrder = createInOrder();
  const check = createCheck(
    workspace,
    projects.map((project) => ({
      goals: project.goals,
      run: (goal, call) => runGoal(parts, place, project, goal, call),
    })),
  );
  const prepared = projects.map((project, index) => preparedProject(project, dependencies.sources[index]));
  return {
    workspace: port,
    prepared: {
      branch: clone.branch,
      tree: await workspace.snapshot(),
      ...firstOf(prepared),
      projects: prepared,
      enforcement,
    },
    checkPaths: async ({ paths, tree }) => {
      const readers = [createTreeReader(git, clone.baseTree), createTreeReader(git, tree)] as const;
      const found = await Promise.all(projects.map(({ adapter }) => adapter.checkPaths(paths, ...readers)));
      return [...new Set(found.flat())].sort();
    },
    check: (goal, call) => inOrder(() => check(goal, call)),
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

/**
 * What the projects are, and what their checks need, is read from the run's own files, not from what a command left in their place: from
 * those of the base, and where the run goes on with a change, from that as well.
 */
async function findReadyProjects(
  parts: WorkbenchParts,
  {
    clone,
    reader,
    tree,
    reports,
  }: Pick<Place, "clone" | "reports"> & { reader: RepositoryReader; tree: string | null },
): Promise<readonly ReadyProject[]> {
  const survey = async () => surveyProjects(await parts.findProjects(reader, clone.baseCommit), reader, reports);
  if (tree === null) return survey();
  const workspace = createWorkspace(clone);
  await workspace.putBack(clone.baseTree);
  const base = await survey();
  await workspace.putBack(tree);
  return tree === clone.baseTree ? base : joinProjects(base, await survey());
}

function preparedProject(
  { root, adapter, evidence, goals }: ReadyProject,
  dependencies = noDependencies,
): PreparedProject {
  return { root, adapter: adapter.id, evidence: [...evidence], goals: [...goals], dependencies };
}

/** The first project, and the goals of all. */
function firstOf(
  projects: readonly PreparedProject[],
): Pick<Workbench["prepared"], "adapter" | "goals" | "dependencies"> {
  const [first] = projects;
  return {
    adapter: first === undefined ? null : { id: first.adapter, evidence: first.evidence },
    goals: CheckGoal.options.filter((goal) => projects.some(({ goals }) => goals.includes(goal))),
    dependencies: first?.dependencies ?? noDependencies,
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

/** Runs one of a project's own commands on the files as they are, or resolves with null where there is none and the base had none. */
async function runGoal(
  parts: WorkbenchParts,
  place: Place,
  { adapter, label, goals }: ReadyProject,
  goal: CheckGoal,
  call: CommandCall,
): Promise<CheckReading | null> {
  const planned = await planGoal(adapter, parts.createReader(place.clone.root), goal, place.reports);
  if ("missing" in planned) return goals.includes(goal) ? labelled(withoutCommand(goal, planned.missing), label) : null;
  const { argv, env } = planned;
  const timeoutMs = Math.min(planned.timeoutMs, place.policy.limits.command_timeout_ms);
  const outcome = await runIn(parts, place, { argv, cwd: join(place.clone.root, planned.cwd), env, timeoutMs }, call);
  return labelled(await readCheck(adapter, planned, outcome, place.reports), label);
}

/** The command of a project that is still there, or why there is none. A manifest that cannot be read leaves none. */
async function planGoal(
  adapter: Project["adapter"],
  reader: RepositoryReader,
  goal: CheckGoal,
  reports: string,
): Promise<CommandPlan | { readonly missing: string }> {
  try {
    if ((await adapter.detect(reader)) === null) return { missing: "its adapter knows no project there any more" };
    return (await adapter.plan(reader, goal, reports)) ?? { missing: "the project has no such command any more" };
  } catch (error) {
    if (isOrchestratorError(error, "document_invalid")) return { missing: messageOf(error) };
    throw error;
  }
}

/** The base had this command, or it would not have been asked for. */
function withoutCommand(goal: CheckGoal, why: string): CheckResult {
  return {
    goal,
    command: [],
    status: "failed_to_start",
    exit_code: null,
    duration_ms: 0,
    verdict: "failed",
    reason: `the change takes the repository's ${goal} command away: ${why}`,
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
