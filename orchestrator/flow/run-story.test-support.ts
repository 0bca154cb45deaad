import { type GrantableLimit, noUsage } from "../schema/budget.ts";
import type { BuilderInput, HandoffInput, StepDocument } from "../schema/handoff.ts";
import type { Plan } from "../schema/plan.ts";
import type { Policy } from "../schema/policy.ts";
import type { Delegate } from "../schema/primitives.ts";
import type { EventName, EventPayload, KnownEvent } from "../schema/run-event.ts";
import type { ApprovalPoint, TaskSpec } from "../schema/task-spec.ts";
import type { Decision, GateName, QuestionKind } from "../schema/verdict.ts";
import { gatesBehind } from "./next-move.ts";
import { foldRun, type RunState } from "./run-state.ts";

const hash = "a".repeat(64);
const tree = "b".repeat(40);

/** A run told event by event, for tests of what it folds to. */
export interface Story {
  readonly state: RunState;
  readonly events: readonly KnownEvent[];
  tell<Name extends EventName>(event: Name, payload: EventPayload<Name>): void;
  prepared(): void;
  started(role: Delegate): string;
  finished(role: Delegate): string;
  failed(role: Delegate): void;
  drifted(role: Delegate): void;
  accepted(role: Delegate): void;
  refused(role: Delegate, gate: GateName, message?: string): void;
  verdict(subject: string, gate: GateName, decision: Decision): void;
  asked(kind: QuestionKind, subject: string, limits?: readonly GrantableLimit[]): void;
  answered(answer: "approve" | "reject", message: string | null): void;
  command(verb: "pause" | "cancel" | "resume"): void;
  undecided(): void;
  committed(): void;
}

const sampleTask: TaskSpec = {
  id: "task",
  title: "A task",
  goal: "do it",
  acceptance_criteria: [{ id: "done", text: "it is done" }],
  scope: { include: ["**"], exclude: [] },
  specs: [],
  budget: {},
  approvals: [],
};

const plan: Plan = {
  summary: "do it",
  items: [{ id: "item-1", description: "do it", criteria: ["done"], paths: ["**"], pattern: null, depends_on: [] }],
};

const change: Extract<StepDocument, { role: "builder" }>["change"] = {
  base_commit: tree,
  tree,
  head_commit: null,
  paths: [],
  insertions: 0,
  deletions: 0,
  patch_sha256: hash,
};

const input: BuilderInput = { role: "builder", brief: "do it", task: sampleTask, plan, findings: [] };

const documents: Readonly<Record<Delegate, StepDocument>> = {
  planner: { role: "planner", plan },
  builder: { role: "builder", summary: { summary: "done", items_done: [], items_left: [] }, change },
  tester: { role: "tester", summary: { summary: "ran", claim: "passed" }, report: { tree, required: [], checks: [] } },
  reviewer: {
    role: "reviewer",
    review: { decision: "approve", summary: "good", criteria_met: ["done"], findings: [] },
  },
};

function samplePolicy(budget: Policy["budget"]): Policy {
  return {
    scopes: [],
    protected_paths: [],
    tools: null,
    commands: [],
    network: { commands: false, install: true },
    require_sandbox: false,
    budget,
    limits: { command_timeout_ms: 1000, output_bytes_max: 1024, turns_per_step: 10 },
  };
}

/** Begins a story with `run_created`. */
export function begin(options: { budget?: Policy["budget"]; approvals?: readonly ApprovalPoint[] } = {}): Story {
  const events: KnownEvent[] = [];
  const tell: Story["tell"] = (event, payload) => {
    const seq = events.length;
    const told: unknown = {
      schema_version: 2,
      seq,
      epoch: 1,
      timestamp: new Date(Date.UTC(2026, 0, 1) + seq * 1000).toISOString(),
      held_ms: seq * 1000,
      task_id: "task",
      run_id: "run",
      event,
      actor: { kind: "runner", id: "test", authenticated_by: "process" },
      payload,
      prev_hash: hash,
      hash,
    };
    if (isEvent(told)) events.push(told);
  };
  tell("run_created", {
    task: sampleTask,
    task_source: "goal",
    repository: { root: "/r", base_commit: tree, base_tree: tree, branch: "main", uncommitted_changes: false },
    policy: samplePolicy(options.budget ?? {}),
    policy_sha256: hash,
    model: "recipe",
    base_url: null,
    manager_when: "always",
    approvals: [...(options.approvals ?? [])],
    code_version: "0.0.0",
    parent_run: null,
    root_run: "run",
  });
  return storyOf(events, tell);
}

function storyOf(events: readonly KnownEvent[], tell: Story["tell"]): Story {
  const state = () => foldRun(events);
  const started = (role: Delegate) => {
    const attempt = state().steps.filter((step) => step.role === role).length + 1;
    const step_id = `${role}.${attempt}`;
    const handed: HandoffInput = input;
    tell("step_started", {
      step_id,
      role,
      attempt,
      decided_by: "flow",
      model: "m",
      input: handed,
      input_sha256: hash,
      tree,
    });
    return step_id;
  };
  const finished = (role: Delegate) => {
    const step_id = started(role);
    tell("step_finished", { step_id, document: documents[role], tree, usage: noUsage, duration_ms: 1 });
    return step_id;
  };
  const verdict: Story["verdict"] = (step_id, gate, decision) => {
    const stamped = { gate, version: "1", evidence_sha256: hash, ...decision };
    const event = ({ pass: "gate_passed", refuse: "gate_refused", ask: "gate_asked" } as const)[decision.decision];
    tell(event, { step_id, verdict: stamped, evidence: null });
  };
  const judged = (role: Delegate, decide: (gate: GateName) => Decision) => {
    const step_id = finished(role);
    for (const gate of gatesBehind[role]) verdict(step_id, gate, decide(gate));
  };
  return {
    get state() {
      return state();
    },
    events,
    tell,
    started,
    finished,
    verdict,
    prepared: () => tell("workspace_prepared", prepared),
    failed: (role) =>
      tell("step_failed", {
        step_id: started(role),
        code: "misbehaved",
        message: "no",
        tree,
        usage: noUsage,
        duration_ms: 1,
      }),
    drifted: (role) => tell("step_drifted", { step_id: started(role), reason: "changed" }),
    accepted: (role) => judged(role, () => ({ decision: "pass" })),
    refused: (role, gate, message = "a.ts is in no item") =>
      judged(role, (each) =>
        each === gate ? { decision: "refuse", findings: [{ rule: "scope/unplanned", message }] } : { decision: "pass" },
      ),
    asked: (kind, subject, limits) =>
      tell("question_asked", {
        question: {
          id: `q${state().questions.length + 1}`,
          kind,
          text: "?",
          subject,
          subject_sha256: hash,
          asked_at: at,
          ...(limits === undefined ? {} : { limits: [...limits] }),
        },
      }),
    answered: (answer, message) =>
      tell("command_received", {
        command: {
          schema_version: 1,
          id: `c${events.length}`,
          at,
          actor: { kind: "person", id: "p", authenticated_by: "local_user" },
          verb: "answer",
          question_id: `q${state().questions.length}`,
          subject_sha256: hash,
          answer,
          ...(message === null ? {} : { message }),
        },
        accepted: true,
        reason: null,
      }),
    command: (verb) =>
      tell("command_received", {
        command: {
          schema_version: 1,
          id: `c${events.length}`,
          at,
          actor: { kind: "person", id: "p", authenticated_by: "local_user" },
          verb,
        },
        accepted: true,
        reason: null,
      }),
    undecided: () =>
      tell("delegation_refused", { step_id: "manager.1", delegate: "none", reason: "it answered without delegating" }),
    committed: () => tell("change_committed", { commit: tree, tree, branch: "orchestrator/run" }),
  };
}

const at = "2026-01-01T00:00:00.000Z";

const prepared: EventPayload<"workspace_prepared"> = {
  branch: "orchestrator/run",
  tree,
  adapter: null,
  goals: [],
  dependencies: { method: "none_needed", lock_file: null, lock_sha256: null, reason: "none" },
  enforcement: {
    sandbox: "process-group",
    network_blocked: false,
    writes_confined: false,
    environment_filtered: true,
    reason: "test",
  },
};

function isEvent(value: unknown): value is KnownEvent {
  return typeof value === "object" && value !== null && "event" in value;
}
