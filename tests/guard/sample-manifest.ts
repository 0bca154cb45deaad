import { RunManifest } from "../../orchestrator/schema/run-manifest.ts";

/** The commits that a run names: the one it began with, and the one it made. */
export interface RunCommits {
  readonly base: string;
  readonly baseTree: string;
  readonly commit: string;
  readonly tree: string;
}

const sha = "a".repeat(64);
const at = (second: number) => `2026-11-20T12:00:0${second}.000Z`;
const usage = { turns: 1, input_tokens: 0, output_tokens: 0, cost_usd: 0 };
const gatesOf = {
  planner: ["plan", "spec"],
  builder: ["spec", "scope", "secrets", "budget"],
  tester: ["test"],
  reviewer: ["review"],
} as const;
const roles = ["planner", "builder", "tester", "reviewer"] as const;

/** The manifest of a run that passed, with some of its fields otherwise. */
export function sampleManifest(
  { base, baseTree, commit, tree }: RunCommits,
  more: Partial<RunManifest> = {},
): RunManifest {
  return RunManifest.parse({
    schema_version: 1,
    run_id: "r1",
    task_id: "0007-retry",
    status: "passed",
    status_detail: "every gate passed",
    task: {
      id: "0007-retry",
      title: "Retry",
      goal: "retry",
      acceptance_criteria: [{ id: "one", text: "it retries" }],
      scope: { include: ["**"], exclude: [] },
    },
    task_source: "tasks/0007-retry.md",
    repository: {
      root: "/repository",
      base_commit: base,
      base_tree: baseTree,
      branch: "main",
      uncommitted_changes: false,
    },
    parent_run: null,
    root_run: "r1",
    model: "recipe",
    models_used: ["recipe"],
    agents: ["manager", ...roles],
    approvals_wanted: [],
    policy_sha256: sha,
    code_version: "0.1.0",
    created_at: at(0),
    finished_at: at(9),
    workspace: null,
    steps: roles.map((role, index) => ({
      step_id: `${role}.1`,
      role,
      attempt: 1,
      status: "finished",
      detail: null,
      started_at: at(index),
      finished_at: at(index + 1),
      input_sha256: sha,
      tree_before: baseTree,
      tree_after: tree,
      usage,
      tool_calls: 0,
    })),
    gates: roles.flatMap((role) =>
      gatesOf[role].map((gate) => ({
        step_id: `${role}.1`,
        at: at(8),
        verdict: { gate, version: "1", evidence_sha256: sha, decision: "pass" },
      })),
    ),
    questions: [],
    plan_summary: "retry",
    change: {
      base_commit: base,
      tree,
      head_commit: commit,
      paths: [{ path: "docs/made.md", kind: "added", mode: "100644", insertions: 1, deletions: 0 }],
      insertions: 1,
      deletions: 0,
      patch_sha256: sha,
    },
    commit,
    tests: {
      tree,
      required: ["test"],
      checks: [
        {
          goal: "test",
          command: ["npm", "test"],
          status: "exited",
          exit_code: 0,
          duration_ms: 10,
          verdict: "passed",
          reason: "exit code 0",
          report: "junit",
          counts: { passed: 1 },
          not_passed: [],
          output_tail: "",
        },
      ],
    },
    review_summary: "good",
    metrics: { duration_seconds: 9, usage, tool_calls: 0, refusals: 0, model_retries: 0 },
    artifacts: [{ name: "change.patch", sha256: sha, bytes: 1, media_type: "text/x-diff" }],
    error_files: [],
    resume_events: [],
    log: { events: 42, epochs: 1, last_hash: sha },
    ...more,
  });
}
