import { parseKnownEvent } from "../../runs/known-event.ts";
import type { EventName, KnownEvent } from "../../schema/run-event.ts";
import { RunManifest } from "../../schema/run-manifest.ts";
import type { Finding, GateName, Question } from "../../schema/verdict.ts";
import { createHints } from "../hints.ts";
import { createPaint } from "../text/paint.ts";

const hash = (letter: string) => letter.repeat(64);
const at = "2026-01-02T03:04:05.678Z";
const commit = "c".repeat(40);

export const plainView = { plan: null, hints: createHints(undefined), paint: createPaint(false), width: 100 };

export const finding: Finding = { rule: "test/failed", message: "adds wrongly", path: "test/a.test.js", line: 7 };

export const finishQuestion: Question = {
  id: "q1",
  kind: "finish_approval",
  text: "Shall this change be committed?",
  subject: "builder.2",
  subject_sha256: hash("9"),
  asked_at: at,
};

/** A run that passed after one refusal, with something in every field. */
export function sampleManifest(changes: Partial<RunManifest> = {}): RunManifest {
  const gate = (step_id: string, name: "spec" | "test" | "review") => ({
    step_id,
    at,
    verdict: { gate: name, version: "1", evidence_sha256: hash("e"), decision: "pass" as const },
  });
  const refused = { ...gate("tester.1", "test").verdict, decision: "refuse" as const, findings: [finding] };
  return RunManifest.parse({
    schema_version: 1,
    run_id: "20260102t030405678z-abcdef012345",
    task_id: "t1",
    status: "passed",
    status_detail: "every gate passed",
    task: {
      id: "t1",
      title: "Add the node: prefix",
      goal: "Use node: for builtins",
      acceptance_criteria: [{ id: "c1", text: "All imports have it" }],
      scope: { include: ["src/**"], exclude: ["src/vendor/**"] },
      recipe: ["node-protocol"],
    },
    task_source: "tasks/t1-prefix.md",
    repository: {
      root: "/home/ann/service",
      base_commit: "b".repeat(40),
      base_tree: "d".repeat(40),
      branch: "main",
      uncommitted_changes: true,
    },
    parent_run: null,
    root_run: "20260102t030405678z-abcdef012345",
    model: "recipe",
    models_used: ["recipe"],
    agents: ["manager", "builder"],
    approvals_wanted: ["finish"],
    policy_sha256: hash("f"),
    code_version: "0.1.0",
    created_at: at,
    finished_at: "2026-01-02T03:05:06.789Z",
    workspace: {
      branch: "orchestrator/20260102t030405678z-abcdef012345",
      adapter: "javascript",
      dependencies: { method: "linked", lock_file: "package-lock.json", lock_sha256: hash("1"), reason: "unchanged" },
      enforcement: {
        sandbox: "process-group",
        network_blocked: false,
        writes_confined: false,
        environment_filtered: true,
        reason: "bubblewrap is not installed",
      },
    },
    steps: [
      {
        step_id: "builder.1",
        role: "builder",
        attempt: 1,
        status: "finished",
        detail: null,
        started_at: at,
        finished_at: "2026-01-02T03:04:07.178Z",
        input_sha256: hash("2"),
        tree_before: "d".repeat(40),
        tree_after: "e".repeat(40),
        usage: { turns: 2, input_tokens: 1000, output_tokens: 20, cost_usd: 0.01 },
        tool_calls: 3,
      },
    ],
    gates: [
      gate("run", "spec"),
      { step_id: "tester.1", at, verdict: refused },
      gate("tester.2", "test"),
      gate("reviewer.1", "review"),
    ],
    questions: [
      {
        question: finishQuestion,
        answer: {
          decision: "approve",
          actor: { kind: "person", id: "ann", authenticated_by: "local_user" },
          at,
          message: "looks good",
        },
      },
    ],
    plan_summary: "Apply node-protocol.",
    change: {
      base_commit: "b".repeat(40),
      tree: "e".repeat(40),
      head_commit: commit,
      paths: [
        { path: "src/größe.js", kind: "modified", mode: "100644", insertions: 1200, deletions: 3 },
        { path: "logo.png", kind: "added", mode: "100644", insertions: null, deletions: null },
      ],
      insertions: 1200,
      deletions: 3,
      patch_sha256: hash("3"),
    },
    commit,
    tests: {
      tree: "e".repeat(40),
      required: ["lint", "test"],
      checks: [
        {
          goal: "test",
          command: ["npm", "run", "test"],
          status: "exited",
          exit_code: 0,
          duration_ms: 1500,
          verdict: "passed",
          reason: "exit code 0, and 12 tests ran",
          report: "junit",
          counts: { passed: 12, skipped: 1, failed: 0 },
          not_passed: [{ suite: "sums", name: "big ones", outcome: "skipped" }],
          output_tail: "",
        },
      ],
    },
    review_summary: "Nothing is left.",
    metrics: {
      duration_seconds: 61.1,
      usage: { turns: 12, input_tokens: 12_345, output_tokens: 678, cost_usd: 0.0321 },
      tool_calls: 9,
      refusals: 1,
      model_retries: 0,
    },
    artifacts: [{ name: "change.patch", sha256: hash("3"), bytes: 2048, media_type: "text/x-diff" }],
    error_files: ["errors/01-run-check.json"],
    resume_events: [
      {
        timestamp: at,
        actor: { kind: "person", id: "ann", authenticated_by: "local_user" },
        epoch: 2,
        reason: "approve by ann",
      },
    ],
    log: { events: 44, epochs: 2, last_hash: hash("4") },
    ...changes,
  });
}

/** An event with the envelope filled in; the payload is checked. */
export function sampleEvent(event: EventName, payload: unknown, seq = 3): KnownEvent {
  const envelope = {
    schema_version: 2,
    seq,
    epoch: 1,
    timestamp: at,
    held_ms: 0,
    task_id: "t1",
    run_id: "r1",
    event,
    actor: { kind: "runner" as const, id: "runner", authenticated_by: "process" as const },
    prev_hash: hash("0"),
    hash: hash("5"),
  };
  const known = parseKnownEvent({ ...envelope, payload }, payload);
  if (typeof known === "string") throw new TypeError(known);
  return known;
}

/** The payload of a gate's event. */
export function sampleVerdict(gate: GateName, findings: readonly Finding[] = []) {
  const stamp = { gate, version: "1", evidence_sha256: hash("e") };
  const decision = findings.length === 0 ? { decision: "pass" } : { decision: "refuse", findings };
  return { step_id: "tester.1", verdict: { ...stamp, ...decision }, evidence: null };
}
