import type { EventPayload, KnownEvent } from "../schema/run-event.ts";

/** A call of a command, as far as its result can depend on it. */
export interface TapedCall {
  readonly tool: string;
  readonly argumentsSha256: string;
  /** The files before the call. */
  readonly tree: string;
}

/** What commands did in a recorded run. */
export interface ToolTape {
  readonly runId: string;
  /** The result of the `nth` such call, from 0, or null where the record has none to give. */
  find(call: TapedCall, nth: number): EventPayload<"tool_finished"> | null;
}

/** A command that left the files as they were, and its result. */
export interface TapedCommand {
  readonly tree: string;
  readonly finished: EventPayload<"tool_finished">;
}

/**
 * The commands of a recorded run that left the files as they were: what a command changed is not in the record, so one that
 * did must be run.
 */
export function tapeOf(runId: string, events: Iterable<KnownEvent>): ToolTape {
  return tapeOfCommands(runId, tapedCommands(events));
}

/** The commands of a run that can be on a tape, in the order of their ends. */
export function tapedCommands(events: Iterable<KnownEvent>): readonly TapedCommand[] {
  const begun = new Map<string, EventPayload<"tool_started">>();
  const commands: TapedCommand[] = [];
  for (const event of events) {
    if (event.event !== "tool_started" && event.event !== "tool_finished") continue;
    const place = JSON.stringify([event.payload.step_id, event.payload.call_id]);
    if (event.event === "tool_started") begun.set(place, event.payload);
    else {
      const start = begun.get(place);
      if (start?.effect !== "command" || start.tree !== event.payload.tree) continue;
      commands.push({ tree: start.tree, finished: event.payload });
    }
  }
  return commands;
}

/** A tape of these commands. */
export function tapeOfCommands(runId: string, commands: Iterable<TapedCommand>): ToolTape {
  const results = new Map<string, EventPayload<"tool_finished">[]>();
  for (const { tree, finished } of commands) {
    const key = keyOf({ tool: finished.tool, argumentsSha256: finished.arguments_sha256, tree });
    results.set(key, [...(results.get(key) ?? []), finished]);
  }
  return { runId, find: (call, nth) => results.get(keyOf(call))?.[nth] ?? null };
}

/** How often such a call was made in these events, so that the next one is told from it. */
export function countCalls(events: readonly KnownEvent[], call: TapedCall): number {
  const key = keyOf(call);
  const places = events.flatMap(({ event, payload }) =>
    event === "tool_started" && keyOf({ ...payload, argumentsSha256: payload.arguments_sha256 }) === key
      ? [JSON.stringify([payload.step_id, payload.call_id])]
      : [],
  );
  return new Set(places).size;
}

function keyOf({ tool, argumentsSha256, tree }: TapedCall): string {
  return JSON.stringify([tool, argumentsSha256, tree]);
}
