import { beginGoals, type GoalsState } from "../flow/goals/goals-state.ts";
import { beginCommands, placesOf } from "../flow/pipeline-commands.ts";
import { addWorkedTime, noWorkedTime, type WorkedTime } from "../flow/worked-time.ts";
import { noUsage, type Usage } from "../schema/budget.ts";
import type { PatternUse } from "../schema/pattern-use.ts";
import type { ManifestCommand } from "../schema/pipeline.ts";
import type { EventName, KnownEvent } from "../schema/run-event.ts";
import type { ManifestStep, RunManifest } from "../schema/run-manifest.ts";

/** The event with this name. */
export type EventOf<Name extends EventName> = Extract<KnownEvent, { event: Name }>;

/** How the run stands. A final standing never changes. */
export type Standing =
  | { readonly is: "running" }
  | { readonly is: "blocked"; readonly questionId: string | null }
  /** Goals of the run wait for a person. */
  | { readonly is: "waiting" }
  | { readonly is: "paused" }
  | { readonly is: "faulted"; readonly detail: string }
  | { readonly is: "final"; readonly status: "passed" | "refused" | "cancelled"; readonly detail: string };

/** What the fold knows so far. Lists and sets grow, or an element is replaced; the elements themselves are never changed. */
export interface FoldState {
  readonly created: EventOf<"run_created">;
  standing: Standing;
  finishedAt: string | null;
  workspace: RunManifest["workspace"];
  readonly commands: ManifestCommand[];
  readonly commandPlaces: ReadonlyMap<string, number>;
  /** Of a run that works through many goals; null in every other. */
  goals: GoalsState | null;
  readonly steps: ManifestStep[];
  /** Where each step id was started last, in `steps`. */
  readonly stepIndex: Map<string, number>;
  /** By all that names it. */
  readonly patterns: Map<string, PatternUse>;
  readonly gates: RunManifest["gates"];
  readonly questions: Map<string, RunManifest["questions"][number]>;
  planSummary: string | null;
  change: RunManifest["change"];
  commit: string | null;
  tests: RunManifest["tests"];
  reviewSummary: string | null;
  readonly models: Set<string>;
  readonly agents: Set<string>;
  usage: Usage;
  toolCalls: number;
  refusals: number;
  modelRetries: number;
  readonly artifacts: Map<string, RunManifest["artifacts"][number]>;
  readonly errorFiles: Set<string>;
  readonly resumeEvents: RunManifest["resume_events"];
  events: number;
  epochs: number;
  /** That of the last event. */
  epoch: number;
  lastHash: string;
  worked: WorkedTime;
}

/** The state after the event that begins a run. */
export function beginFold(created: EventOf<"run_created">): FoldState {
  const { pipeline, goals } = created.payload;
  const commands = pipeline === undefined ? [] : [...beginCommands(pipeline)];
  return {
    created,
    standing: { is: "running" },
    finishedAt: null,
    workspace: null,
    commands,
    commandPlaces: placesOf(commands),
    goals: goals === undefined ? null : beginGoals(goals),
    steps: [],
    stepIndex: new Map(),
    patterns: new Map(),
    gates: [],
    questions: new Map(),
    planSummary: null,
    change: null,
    commit: null,
    tests: null,
    reviewSummary: null,
    models: new Set(),
    agents: new Set(),
    usage: noUsage,
    toolCalls: 0,
    refusals: 0,
    modelRetries: 0,
    artifacts: new Map(),
    errorFiles: new Set(),
    resumeEvents: [],
    events: 1,
    epochs: 1,
    epoch: created.epoch,
    lastHash: created.hash,
    worked: addWorkedTime(noWorkedTime, created),
  };
}
