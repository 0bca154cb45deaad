import { workedMs } from "../flow/worked-time.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { KnownEvent } from "../schema/run-event.ts";
import type { RunManifest, RunStatus } from "../schema/run-manifest.ts";
import { applyEvent } from "./manifest-events.ts";
import { betweenSteps, describeGoals, goalsThatWait } from "./manifest-goals.ts";
import { describePipeline } from "./manifest-pipeline.ts";
import { beginFold, type FoldState } from "./manifest-state.ts";

/** A manifest that grows with its log. */
export interface ManifestFold {
  /** Throws `run_damaged` where the first event is not `run_created`. */
  add(event: KnownEvent): void;
  /** The manifest of the events so far; later events do not change it. Throws `run_damaged` before the first event. */
  manifest(): RunManifest;
}

/** Begins a fold over no events yet. */
export function createManifestFold(): ManifestFold {
  let state: FoldState | null = null;
  return {
    add(event) {
      if (state !== null) applyEvent(state, event);
      else if (event.event === "run_created") state = beginFold(event);
      else throw noBeginning();
    },
    manifest() {
      if (state === null) throw noBeginning();
      return toManifest(state);
    },
  };
}

/** The manifest of a whole log: pure, the same for the same events. Throws `run_damaged` where it does not begin with `run_created`. */
export function foldManifest(events: readonly KnownEvent[]): RunManifest {
  const fold = createManifestFold();
  for (const event of events) fold.add(event);
  return fold.manifest();
}

/** The bytes of `manifest.json`. */
export function manifestText(manifest: RunManifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function noBeginning(): OrchestratorError {
  return new OrchestratorError("run_damaged", "the log does not begin with run_created, so there is no manifest of it");
}

function toManifest(state: FoldState): RunManifest {
  const { task_id, run_id, timestamp, payload } = state.created;
  return {
    schema_version: 1,
    run_id,
    task_id,
    ...describeStanding(state),
    task: payload.task,
    task_source: payload.task_source,
    repository: payload.repository,
    parent_run: payload.parent_run,
    root_run: payload.root_run,
    model: payload.model,
    models_used: [...state.models],
    agents: [...state.agents],
    approvals_wanted: payload.approvals,
    policy_sha256: payload.policy_sha256,
    code_version: payload.code_version,
    created_at: timestamp,
    finished_at: state.finishedAt,
    workspace: state.workspace,
    steps: [...state.steps],
    ...describePipeline(state),
    ...describeGoals(state),
    ...(state.patterns.size === 0 ? {} : { patterns: [...state.patterns.values()] }),
    gates: [...state.gates],
    questions: [...state.questions.values()],
    plan_summary: state.planSummary,
    change: state.change,
    commit: state.commit,
    tests: state.tests,
    review_summary: state.reviewSummary,
    metrics: {
      duration_seconds: workedMs(state.worked) / 1000,
      usage: state.usage,
      tool_calls: state.toolCalls,
      refusals: state.refusals,
      model_retries: state.modelRetries,
    },
    artifacts: [...state.artifacts.values()],
    error_files: [...state.errorFiles],
    resume_events: [...state.resumeEvents],
    log: { events: state.events, epochs: state.epochs, last_hash: state.lastHash },
  };
}

function describeStanding(state: FoldState): { status: RunStatus; status_detail: string } {
  const { standing } = state;
  switch (standing.is) {
    case "running": {
      const open = state.steps.findLast((step) => step.status === "open");
      const inside = open?.step_id ?? state.commands.find((command) => command.status === "running")?.name;
      return { status: "running", status_detail: inside === undefined ? betweenSteps(state) : `in step ${inside}` };
    }
    case "blocked": {
      const asked = state.questions.get(standing.questionId ?? "");
      return { status: "blocked", status_detail: asked?.question.text ?? "waits for an answer" };
    }
    case "waiting":
      return { status: "blocked", status_detail: goalsThatWait(state) };
    case "paused":
      return { status: "paused", status_detail: "paused by a command; resume goes on" };
    case "faulted":
      return { status: "faulted", status_detail: standing.detail };
    case "final":
      return { status: standing.status, status_detail: standing.detail };
  }
}
