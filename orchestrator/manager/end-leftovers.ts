import { endMarked, lineageVariable } from "../io/lineage.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { EventPayload, KnownEvent } from "../schema/run-event.ts";

/** Between SIGTERM and SIGKILL for what a dead runner's command left running. */
const graceMs = 2_000;

/**
 * Ends what commands left running that were under way when a runner died, by the mark that their intents recorded: nothing of them may
 * write files that this runner reads. Throws `process_failed` where something cannot be ended; elsewhere than on Linux nothing is found.
 */
export async function endLeftovers(events: Iterable<KnownEvent>): Promise<void> {
  for (const { lineage, runner, tool, step_id } of openCommands(events)) {
    if (lineage === undefined || runner === undefined) continue;
    const { ended, isGone } = await endMarked(lineage, runner, graceMs);
    if (isGone || ended === 0) continue;
    throw new OrchestratorError(
      "process_failed",
      `${tool} of ${step_id} was under way when its runner died, and processes that it started cannot be ended; end them (their environment holds ${lineageVariable}=${lineage}), then resume the run`,
    );
  }
}

/** The intents that no result followed, the last one of each call. */
function openCommands(events: Iterable<KnownEvent>): Iterable<EventPayload<"tool_started">> {
  const open = new Map<string, EventPayload<"tool_started">>();
  for (const { event, payload } of events) {
    if (event === "tool_started") open.set(`${payload.step_id} ${payload.call_id}`, payload);
    if (event === "tool_finished") open.delete(`${payload.step_id} ${payload.call_id}`);
  }
  return open.values();
}
