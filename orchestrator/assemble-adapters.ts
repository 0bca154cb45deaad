import { join } from "node:path";
import {
  createDirectoryReader,
  findProjects,
  readFindings,
  type TestRun,
  writeCtrf,
  writeJunit,
} from "../adapters/index.ts";
import { assembleLocal } from "./assemble-local.ts";
import type { Assembly } from "./assembly.ts";
import { readCheck } from "./evidence/read-check.ts";
import { systemClock } from "./io/clock.ts";
import { ensureDirectory, readFileIfThere } from "./io/files.ts";
import { randomHex } from "./io/ids.ts";
import { withTemporaryFolder } from "./io/temporary-folder.ts";
import { type LocalExecutorParts, localOutputBytesMax, preparePlan } from "./pipeline/local-executor.ts";
import type {
  AdapterBench,
  BenchGoal,
  DetectedProject,
  GoalReport,
  GoalRequest,
  GoalRun,
  MissingGoal,
} from "./schema/adapter-bench.ts";
import type { CommandPlan, LanguageAdapter, Project, ProjectSetUp, RepositoryReader } from "./schema/adapter-port.ts";
import { labelled } from "./schema/checked-project.ts";
import { OrchestratorError } from "./schema/errors.ts";
import { PipelineCommand } from "./schema/pipeline.ts";
import type { Policy } from "./schema/policy.ts";
import type { CommandOutcome } from "./schema/process-port.ts";
import { PlanGoal } from "./schema/test-report.ts";
import { type ComparisonParts, compareCommits } from "./tools/compare-commits.ts";

/** What a bench is assembled from. */
export type BenchAssembly = Pick<Assembly, "environment" | "redactor" | "program"> & {
  /** What the last commit around a folder says of it. */
  readonly setUpOf: (folder: string) => Promise<BenchSetUp>;
  /** What the commits of a repository are compared with. */
  readonly comparisonIn: (folder: string) => Promise<ComparisonParts>;
};

/** What holds in a folder. */
export interface BenchSetUp {
  readonly policy: Policy;
  /** Roots are relative to the folder. */
  readonly projects: ProjectSetUp;
}

/** The adapters at work on folders, from the concrete parts of this machine. */
export function assembleAdapters(assembly: BenchAssembly): AdapterBench {
  const localParts = assembleLocal({
    ...assembly,
    projectsAt: async (root) => (await assembly.setUpOf(root)).projects,
  });
  return {
    list: async (folder) => {
      const { adapters, configured } = (await assembly.setUpOf(folder)).projects;
      return [...configured.map(({ adapter }) => adapter), ...adapters].map(({ id, title }) => ({ id, title }));
    },
    detect: async (folder) => {
      const reader = createDirectoryReader(folder);
      const projects = await findProjects((await assembly.setUpOf(folder)).projects, reader);
      return Promise.all(projects.map((project) => describeProject(project, reader)));
    },
    run: async (request) => {
      const setUp = await assembly.setUpOf(request.folder);
      return withTemporaryFolder("adapters", (folder) => {
        // A folder for each project: what another one left behind must never be read as a project's own report.
        const partsOf = (name: string) =>
          localParts({ root: request.folder, folder: join(folder, name), policy: setUp.policy }, "HEAD");
        return runGoal(partsOf, setUp, request);
      });
    },
    compare: async (request) => compareCommits(await assembly.comparisonIn(request.folder), request),
    ctrf: (report) => writeCtrf(testRunsOf(report)),
    junit: (report) => writeJunit(testRunsOf(report)),
  };
}

async function describeProject(
  { root, adapter, detection }: Project,
  reader: RepositoryReader,
): Promise<DetectedProject> {
  const planned = await Promise.all(PlanGoal.options.map((goal) => adapter.plan(reader, goal, "/reports")));
  const { needed, lockFile, reason, unsupported } = await adapter.dependencies(reader);
  return {
    ...detection,
    root,
    title: adapter.title,
    plans: planned.flatMap((plan) => (plan === null ? [] : [{ goal: plan.goal, argv: plan.argv, cwd: plan.cwd }])),
    dependencies: { needed, lockFile, reason, unsupported },
  };
}

async function runGoal(
  partsOf: (name: string) => LocalExecutorParts,
  setUp: BenchSetUp,
  request: GoalRequest,
): Promise<GoalReport> {
  const { folder, goal, adapter: wanted } = request;
  const missing: MissingGoal[] = [];
  const found = await findProjects(setUp.projects, createDirectoryReader(folder), (unreadable) => {
    if ((wanted ?? unreadable.adapter) === unreadable.adapter) missing.push({ ...unreadable, isDone: false });
  });
  const projects = found.filter(({ adapter }) => (wanted ?? adapter.id) === adapter.id);
  if (projects.length === 0) throw noProject(request);
  const runs: GoalRun[] = [];
  for (const [index, project] of projects.entries()) {
    const done = await runInProject(partsOf(String(index)), project, request);
    if ("verdict" in done) runs.push(done);
    else missing.push(done);
  }
  return { folder, goal, runs, missing };
}

function noProject({ folder, adapter }: GoalRequest): OrchestratorError {
  const what = adapter === undefined ? "no adapter knows a project" : `the adapter ${adapter} knows no project`;
  return new OrchestratorError("usage", `${what} in ${folder}; see adapters list and adapters detect`);
}

async function runInProject(
  parts: LocalExecutorParts,
  { adapter, root }: Project,
  { goal, network, signal, onStart }: GoalRequest,
): Promise<GoalRun | MissingGoal> {
  const reports = join(parts.folder, "reports");
  await ensureDirectory(reports);
  const place = { adapter: adapter.id, root };
  const plan = await planOf(adapter, parts.reader, goal, reports);
  if ("missing" in plan) return { ...place, reason: plan.missing, isDone: plan.isDone };
  const command = PipelineCommand.parse({ name: goal, argv: plan.argv, network: network || plan.needsNetwork });
  const ready = await preparePlan(parts, command, plan);
  if ("missing" in ready) return { ...place, reason: ready.missing, isDone: false };
  onStart?.({ ...place, command: ready.argv });
  const startedAt = systemClock.now().toISOString();
  const outputFile = join(parts.folder, "output");
  const { outcome } = await ready.start({ lineage: randomHex(16), outputFile, signal, onStarted: async () => {} });
  if (signal.aborted) throw new OrchestratorError("aborted", `the ${goal} of ${root} was stopped`);
  const output = (await readFileIfThere(outputFile, localOutputBytesMax(parts.policy)))?.toString("utf8") ?? "";
  return {
    ...place,
    goal,
    command: [...ready.argv],
    enforcement: ready.enforcement,
    started_at: startedAt,
    duration_ms: outcome.durationMs,
    status: outcome.status,
    output_tail: outcome.outputTail,
    findings: goal === "test" || goal === "install" ? [] : readFindings(output, parts.root),
    ...(await readGoal({ adapter, root }, plan, outcome, reports)),
  };
}

async function planOf(
  adapter: LanguageAdapter,
  reader: RepositoryReader,
  goal: BenchGoal,
  reports: string,
): Promise<CommandPlan | { readonly missing: string; readonly isDone: boolean }> {
  if (goal !== "install") {
    const plan = await adapter.plan(reader, goal, reports);
    return plan ?? { missing: `the project has no ${goal} command`, isDone: false };
  }
  const { install, unsupported, reason, needed } = await adapter.dependencies(reader);
  if (install !== null) return install;
  if (!needed) return { missing: reason, isDone: true };
  return {
    missing: `nothing can be installed: ${unsupported ?? `${reason}, and there is no lock file`}`,
    isDone: false,
  };
}

type Reading = Pick<GoalRun, "verdict" | "reason" | "result" | "cases">;

async function readGoal(
  { adapter, root }: Pick<Project, "adapter" | "root">,
  plan: CommandPlan,
  outcome: CommandOutcome,
  reports: string,
): Promise<Reading> {
  if (plan.goal !== "install") {
    const { cases = [], ...check } = await readCheck(adapter, plan, outcome, reports);
    const result = labelled(check, root === "." ? {} : { root });
    return { verdict: result.verdict, reason: result.reason, result, cases };
  }
  const isDone = outcome.status === "exited" && outcome.exitCode === 0;
  const reason = outcome.status === "exited" ? `exit code ${outcome.exitCode}` : outcome.detail;
  return { verdict: isDone ? "passed" : "failed", reason, result: null, cases: [] };
}

function testRunsOf({ runs }: GoalReport): readonly TestRun[] {
  return runs.map(({ adapter, root, command, verdict, reason, duration_ms, cases, started_at }) => ({
    name: root === "." ? adapter : `${adapter} ${root}`,
    result: { command: [...command], verdict, reason, duration_ms },
    cases,
    startedAt: Date.parse(started_at),
  }));
}
