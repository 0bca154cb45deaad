import { join } from "node:path";
import { collectSecretEvidence } from "../evidence/secret-evidence.ts";
import { ensureDirectory, readFileIfThere, removeTree } from "../io/files.ts";
import { filteredEnvironment } from "../io/sandbox.ts";
import type { CommandPlan, LanguageAdapter, RepositoryReader } from "../schema/adapter-port.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { Policy } from "../schema/policy.ts";
import type { CommandOutcome, Sandbox, SandboxRequest, SecretScanner } from "../schema/process-port.ts";
import type { RepositoryState } from "../schema/run-event.ts";
import { CheckGoal, type CheckResult } from "../schema/test-report.ts";
import type { Workbench, WorkbenchSource } from "../schema/workspace-port.ts";
import { createWorkspace } from "../workspace/create-workspace.ts";
import { createPrivateGit } from "../workspace/git-directory.ts";
import { type PrivateClone, prepareClone } from "../workspace/prepare-clone.ts";
import { type ProvidedDependencies, provideDependencies } from "../workspace/provide-dependencies.ts";
import { asWorkspacePort } from "./as-workspace-port.ts";
import { createSteadyText } from "./steady-text.ts";

/** What workbenches are made from. */
export interface WorkbenchParts {
  /** Holds `runs/<run-id>` and `dependencies`. */
  readonly cacheDir: string;
  readonly sandbox: Sandbox;
  readonly scanner: SecretScanner;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly detect: (
    reader: RepositoryReader,
  ) => Promise<{ adapter: LanguageAdapter; evidence: readonly string[] } | null>;
  readonly createReader: (root: string) => RepositoryReader;
}

const noDependencies: ProvidedDependencies = {
  source: { method: "none_needed", lock_file: null, lock_sha256: null, reason: "no adapter knows this repository" },
  readOnly: [],
  writable: [],
};

/** Room for one command's report. */
const reportBytesMax = 67_108_864;

/** Workbenches on private clones under a cache folder, with the repository's own adapter and dependencies. */
export function createWorkbenchSource(parts: WorkbenchParts): WorkbenchSource {
  return {
    open: (request) => openWorkbench(parts, request),
    discard: (runId) => removeTree(folderOf(parts, runId)),
  };
}

function folderOf({ cacheDir }: WorkbenchParts, runId: string): string {
  return join(cacheDir, "runs", runId);
}

/** Where one run's things are, and what bounds its commands. */
interface Place {
  readonly clone: PrivateClone;
  readonly home: string;
  readonly reports: string;
  readonly policy: Policy;
  readonly bounds: SandboxRequest;
}

async function openWorkbench(
  parts: WorkbenchParts,
  request: { runId: string; repository: RepositoryState; policy: Policy; signal: AbortSignal },
): Promise<Workbench> {
  const { policy, repository, runId, signal } = request;
  const enforcement = parts.sandbox.enforcement(policy.network.commands);
  if (policy.require_sandbox && enforcement.sandbox !== "bubblewrap") {
    throw new OrchestratorError("sandbox_unavailable", `the policy requires a sandbox: ${enforcement.reason}`);
  }
  const folder = folderOf(parts, runId);
  const clone = await prepareClone({ repository, runId, directory: join(folder, "clone") });
  const reader = parts.createReader(clone.root);
  const found = await parts.detect(reader);
  const need = await found?.adapter.dependencies(reader);
  const dependencies: ProvidedDependencies =
    need === undefined
      ? noDependencies
      : await provideDependencies({
          need,
          repositoryRoot: repository.root,
          tree: clone.root,
          cacheDir: parts.cacheDir,
          sandbox: parts.sandbox,
          network: policy.network.install,
          environment: filteredEnvironment(parts.environment, {}),
          signal,
        });
  const place = await preparePlace(clone, folder, policy, dependencies, repository.root);
  const goals = found === null ? [] : await goalsOf(found.adapter, reader, place.reports);
  const git = createPrivateGit(clone.gitDirectory, clone.root, clone.settings);
  const workspace = createWorkspace(clone, need?.folders ?? []);
  const port = asWorkspacePort(workspace);
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
    check: (goal, stop) => check(parts, place, found?.adapter ?? null, goal, stop),
    command: (argv, stop) =>
      runIn(parts, place, { argv, cwd: clone.root, env: {}, timeoutMs: policy.limits.command_timeout_ms }, stop),
    secretEvidence: async (stop) => {
      const { change } = await port.change();
      return collectSecretEvidence(git, change, parts.scanner, undefined, stop);
    },
    steady: createSteadyText({ workspace: clone.root, cache: parts.cacheDir, repository: repository.root }),
  };
}

async function preparePlace(
  clone: PrivateClone,
  folder: string,
  policy: Policy,
  dependencies: ProvidedDependencies,
  repositoryRoot: string,
): Promise<Place> {
  const home = join(folder, "home");
  const reports = join(folder, "reports");
  await Promise.all([ensureDirectory(home), ensureDirectory(reports)]);
  const bounds: SandboxRequest = {
    writable: [clone.root, home, reports, ...dependencies.writable],
    readOnly: [...clone.shown, ...dependencies.readOnly],
    hidden: [repositoryRoot],
    network: policy.network.commands,
  };
  return { clone, home, reports, policy, bounds };
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

async function check(
  parts: WorkbenchParts,
  place: Place,
  adapter: LanguageAdapter | null,
  goal: CheckGoal,
  signal: AbortSignal,
): Promise<CheckResult> {
  const plan = adapter === null ? null : await adapter.plan(parts.createReader(place.clone.root), goal, place.reports);
  if (adapter === null || plan === null) return withoutCommand(goal);
  if (plan.reportFile !== null) await removeTree(plan.reportFile);
  const { argv, env } = plan;
  const timeoutMs = Math.min(plan.timeoutMs, place.policy.limits.command_timeout_ms);
  const outcome = await runIn(parts, place, { argv, cwd: join(place.clone.root, plan.cwd), env, timeoutMs }, signal);
  return adapter.read(plan, outcome, await readReport(plan));
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

async function readReport({ reportFile }: CommandPlan): Promise<string | null> {
  if (reportFile === null) return null;
  return (await readFileIfThere(reportFile, reportBytesMax))?.toString("utf8") ?? null;
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
  signal: AbortSignal,
): Promise<CommandOutcome> {
  const environment = filteredEnvironment(parts.environment, {
    HOME: place.home,
    TMPDIR: "/tmp",
    CI: "true",
    ...program.env,
  });
  const outcome = await parts.sandbox.run(
    { ...program, env: environment, outputBytesMax: place.policy.limits.output_bytes_max, signal },
    place.bounds,
  );
  if (outcome.status === "aborted") throw new OrchestratorError("aborted", `${program.argv[0]} was stopped`);
  return outcome;
}
