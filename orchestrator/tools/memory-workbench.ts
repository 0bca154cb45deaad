import { createTwoFilesPatch } from "diff";
import { compileGlobs } from "../gates/glob.ts";
import { hashJson, sha256 } from "../io/hash.ts";
import type { CheckReading } from "../schema/adapter-port.ts";
import type { ChangedPath, ChangeSet } from "../schema/change-set.ts";
import { labelAmong, labelled, type PlacedProject } from "../schema/checked-project.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { CommandOutcome } from "../schema/process-port.ts";
import type { DependencySource } from "../schema/run-event.ts";
import { CaseOutcome, type CheckGoal, type CheckResult } from "../schema/test-report.ts";
import type { Workbench, WorkbenchSource, Workspace, WorkspaceFiles } from "../schema/workspace-port.ts";

/** What a workbench in memory starts with. */
export interface MemoryWorkbenchOptions {
  readonly files: Readonly<Record<string, string>>;
  readonly goals: readonly CheckGoal[];
  /** Paths that decide the checks; default none. */
  readonly checkPaths?: readonly string[];
  /** The projects; default one at the root. */
  readonly projects?: readonly PlacedProject[];
  /** What a check shows of the files, and of which project (`.` for the root); default that it passed. */
  readonly check?: (goal: CheckGoal, files: ReadonlyMap<string, string>, root: string) => CheckReading;
}

const noDependencies: DependencySource = {
  ...{ method: "none_needed", lock_file: null, lock_sha256: null, reason: "files in memory" },
};

type Files = ReadonlyMap<string, string>;

/**
 * Workbenches without a disk, git or processes, for tests of the workflow and for measuring it alone. Trees are hashes of the files; a
 * bundle is empty.
 */
export function createMemoryWorkbenches(options: MemoryWorkbenchOptions): WorkbenchSource {
  const opened = new Map<string, Workbench>();
  return {
    open: async ({ runId, repository }) => {
      const bench = opened.get(runId) ?? createBench(options, repository.base_commit);
      opened.set(runId, bench);
      return bench;
    },
    discard: async (runId) => {
      opened.delete(runId);
    },
  };
}

function createBench(options: MemoryWorkbenchOptions, baseCommit: string): Workbench {
  const files = new Map(Object.entries(options.files));
  const workspace = createMemoryWorkspace(files, baseCommit);
  const { projects = [{ root: ".", adapter: "memory" }] } = options;
  const dependencies = { ...noDependencies };
  return {
    workspace,
    prepared: {
      branch: "orchestrator/memory",
      tree: treeOf(files),
      adapter: { id: "memory", evidence: [] },
      goals: [...options.goals],
      dependencies,
      projects: projects.map((each) => ({ ...each, evidence: [], goals: [...options.goals], dependencies })),
      enforcement: {
        sandbox: "process-group",
        network_blocked: false,
        writes_confined: false,
        environment_filtered: true,
        reason: "no process is started",
      },
    },
    check: async (goal) =>
      projects.map((project) =>
        labelled(withCases((options.check ?? passedCheck)(goal, files, project.root)), labelAmong(project, projects)),
      ),
    checkPaths: async ({ paths }) =>
      paths.map(({ path }) => path).filter((path) => options.checkPaths?.includes(path) === true),
    command: async () => noCommand,
    secretEvidence: async () => {
      const { change } = await workspace.change();
      const expected = change.paths.filter(({ kind }) => kind !== "deleted").map(({ path }) => path);
      return { expected, files: expected.map((path) => ({ path, unscanned: null, added: [] })) };
    },
    steady: (text) => text,
  };
}

function createMemoryWorkspace(files: Map<string, string>, baseCommit: string): Workspace {
  const base = new Map(files);
  const trees = new Map<string, Files>();
  const changes = new Map<string, ReturnType<typeof describeChange>>();
  const keep = () => {
    const tree = treeOf(files);
    if (!trees.has(tree)) trees.set(tree, new Map(files));
    return tree;
  };
  const change = () => {
    const tree = keep();
    const described = changes.get(tree) ?? describeChange(base, files, baseCommit, tree);
    changes.set(tree, described);
    return described;
  };
  return {
    root: "/memory",
    files: createMemoryFiles(files),
    snapshot: async () => keep(),
    restore: async (tree) => {
      const kept = trees.get(tree) ?? (tree === treeOf(base) ? base : null);
      if (kept === null) throw new OrchestratorError("git_failed", `there is no tree ${tree}`);
      files.clear();
      for (const [path, text] of kept) files.set(path, text);
    },
    change: async () => change(),
    log: async () => "",
    commit: async (tree, message, timestamp) => hashJson([tree, message, timestamp]).slice(0, 40),
    bundle: async () => new Uint8Array(),
  };
}

function createMemoryFiles(files: Map<string, string>): WorkspaceFiles {
  const read = (path: string) => {
    const text = files.get(path);
    if (text === undefined) throw new OrchestratorError("path_refused", `${path} does not exist`);
    return text;
  };
  return {
    list: async (glob, limit) => {
      const isMatch = glob === null ? () => true : compileGlobs([glob]);
      const paths = [...files.keys()].filter(isMatch).sort();
      return { paths: paths.slice(0, limit), more: paths.length > limit };
    },
    read: async (path) => read(path),
    search: async (text, _glob, limit) => searchIn(files, text).slice(0, limit),
    write: async (path, content) => {
      files.set(path, content);
    },
    edit: async (path, before, after) => {
      const text = read(path);
      if (text.split(before).length !== 2)
        throw new OrchestratorError("edit_refused", `the text does not stand once in ${path}`);
      files.set(
        path,
        text.replace(before, () => after),
      );
    },
    applyDiff: async () => {
      throw new OrchestratorError("edit_refused", "a workspace in memory takes no diffs");
    },
    remove: async (path) => {
      read(path);
      files.delete(path);
    },
  };
}

function searchIn(files: Files, wanted: string): string[] {
  return [...files].flatMap(([path, text]) =>
    text.split("\n").flatMap((line, index) => (line.includes(wanted) ? [`${path}:${index + 1}:${line}`] : [])),
  );
}

function treeOf(files: Files): string {
  return hashJson([...files].sort(([left], [right]) => (left < right ? -1 : 1))).slice(0, 40);
}

function describeChange(
  base: Files,
  files: Files,
  baseCommit: string,
  tree: string,
): { change: ChangeSet; patch: string } {
  const paths = [...new Set([...base.keys(), ...files.keys()])]
    .sort()
    .filter((path) => base.get(path) !== files.get(path));
  const patch = paths
    .map(
      (path) =>
        `diff --git a/${path} b/${path}\n${createTwoFilesPatch(`a/${path}`, `b/${path}`, base.get(path) ?? "", files.get(path) ?? "")}`,
    )
    .join("");
  const changed = paths.map((path) => changedPath(path, base.get(path), files.get(path)));
  const change: ChangeSet = {
    base_commit: baseCommit,
    tree,
    head_commit: null,
    paths: changed,
    insertions: changed.reduce((sum, { insertions }) => sum + (insertions ?? 0), 0),
    deletions: changed.reduce((sum, { deletions }) => sum + (deletions ?? 0), 0),
    patch_sha256: sha256(patch),
  };
  return { change, patch };
}

/** Counts whole files, not lines that differ: enough to be bounded by. */
function changedPath(path: string, before: string | undefined, after: string | undefined): ChangedPath {
  return {
    path,
    kind: before === undefined ? "added" : after === undefined ? "deleted" : "modified",
    mode: "100644",
    insertions: after?.split("\n").length ?? 0,
    deletions: before?.split("\n").length ?? 0,
  };
}

function passedCheck(goal: CheckGoal): CheckResult {
  return {
    goal,
    command: ["memory", goal],
    status: "exited",
    exit_code: 0,
    duration_ms: 0,
    verdict: "passed",
    reason: "1 test passed",
    report: goal === "test" ? "memory" : null,
    counts: goal === "test" ? { passed: 1 } : {},
    not_passed: goal === "test" ? [] : null,
    output_tail: "",
  };
}

/** A case for each that is counted: those that a result names, and others by number. */
function withCases(reading: CheckReading): CheckReading {
  if (reading.cases !== undefined || reading.report === null) return reading;
  const named = reading.not_passed ?? [];
  const numbered = CaseOutcome.options.flatMap((outcome) => {
    const count = (reading.counts[outcome] ?? 0) - named.filter((each) => each.outcome === outcome).length;
    return Array.from({ length: Math.max(count, 0) }, (_, index) => ({ suite: outcome, name: `${index}`, outcome }));
  });
  return { ...reading, cases: [...named, ...numbered] };
}

const noCommand: CommandOutcome = {
  status: "failed_to_start",
  exitCode: null,
  signal: null,
  durationMs: 0,
  outputTail: "",
  outputBytes: 0,
  outputTruncated: false,
  detail: "a workspace in memory runs no commands",
};
