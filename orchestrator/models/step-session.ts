import type { Actor, Role } from "../schema/primitives.ts";
import type { EventDraft, EventPayload, KnownEvent } from "../schema/run-event.ts";

/**
 * What the log already knows of one agent's work in one step: answers and tool results to give again instead of asking and
 * acting again.
 */
export interface Transcript {
  /** By turn, from 1. */
  readonly answers: ReadonlyMap<number, EventPayload<"model_answered">>;
  /** By call id. */
  readonly results: ReadonlyMap<string, EventPayload<"tool_finished">>;
  /** Calls that began and have no result: the process died inside them. */
  readonly interrupted: ReadonlyMap<string, InterruptedCall>;
}

/** A call that began and has no result. */
export interface InterruptedCall {
  readonly intent: EventPayload<"tool_started">;
  /** True where the record says already that it was interrupted, and nothing of it began since. */
  readonly isSettled: boolean;
}

/** The transcript of a step, or of the manager's decision, from the events of its run. */
export function transcriptOf(events: Iterable<KnownEvent>, stepId: string): Transcript {
  const answers = new Map<number, EventPayload<"model_answered">>();
  const results = new Map<string, EventPayload<"tool_finished">>();
  const interrupted = new Map<string, InterruptedCall>();
  for (const event of events) {
    if (event.event === "model_answered" && event.payload.step_id === stepId)
      answers.set(event.payload.turn, event.payload);
    if (event.event === "tool_started" && event.payload.step_id === stepId) {
      interrupted.set(event.payload.call_id, { intent: event.payload, isSettled: false });
    }
    if (event.event === "tool_interrupted" && event.payload.step_id === stepId) {
      const call = interrupted.get(event.payload.call_id);
      if (call !== undefined) interrupted.set(event.payload.call_id, { ...call, isSettled: true });
    }
    if (event.event === "tool_finished" && event.payload.step_id === stepId) {
      results.set(event.payload.call_id, event.payload);
      interrupted.delete(event.payload.call_id);
    }
  }
  return { answers, results, interrupted };
}

/** One agent at work in one step: where its answers and results are recorded, and what was recorded before. */
export interface StepSession {
  readonly stepId: string;
  readonly agent: Role;
  readonly actor: Actor;
  readonly transcript: Transcript;
  /** Resolves with the event as recorded, redacted. */
  append(draft: EventDraft): Promise<KnownEvent>;
  /** Turns answered so far; moved on by the model. */
  turn: number;
}

/** A session for one agent that begins at turn 0. */
export function openSession(options: Omit<StepSession, "actor" | "turn">): StepSession {
  return {
    ...options,
    actor: { kind: "agent", id: options.agent, authenticated_by: "process" },
    turn: 0,
  };
}
