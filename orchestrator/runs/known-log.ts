import { mapBounded } from "../io/map-bounded.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { KnownEvent, RunEvent } from "../schema/run-event.ts";
import type { RunKey } from "../schema/run-store.ts";
import type { FoundProblem, PlacedEvent, ScannedLog } from "./event-log.ts";
import { type BlobReader, parseKnownEvent, resolveEvent } from "./known-event.ts";

/** A log whose payloads were fetched and checked. */
export interface KnownLog {
  /** The events that this version knows. */
  readonly events: readonly KnownEvent[];
  /** The events that could not be understood, then the problems of the log. */
  readonly problems: readonly FoundProblem[];
}

/** Gives the events of a log their payloads. Never rejects. */
export async function resolveLog(log: ScannedLog, readBlob: BlobReader): Promise<KnownLog> {
  const blobs = await fetchBlobs(log, readBlob);
  const events: KnownEvent[] = [];
  const problems: FoundProblem[] = [];
  let isOver = false;
  for (const placed of log.events) {
    const known = blobs.get(placed.event) ?? parseKnownEvent(placed.event, placed.event.payload);
    const misfit = typeof known === "string" ? known : isOver ? lateMisfit(known) : null;
    if (typeof known === "string" || misfit !== null) problems.push(problemAt(placed, misfit ?? "is not known"));
    else events.push(known);
    isOver ||= placed.event.event === "run_finished";
  }
  return { events, problems: [...problems, ...log.problems] };
}

/** The events whose payload lies in a blob: few, and the only ones to wait for. */
async function fetchBlobs(log: ScannedLog, readBlob: BlobReader): Promise<ReadonlyMap<RunEvent, KnownEvent | string>> {
  const outside = log.events.filter(({ event }) => event.payload_blob !== undefined);
  const known = await mapBounded(outside, 8, ({ event }) => resolveEvent(event, readBlob));
  return new Map(outside.map(({ event }, index) => [event, known[index] ?? "has a payload that was not read"]));
}

/** Which events may stand here at all, the scan of the log has looked at. */
function lateMisfit(known: KnownEvent): string | null {
  const isObeyed = known.event === "command_received" && known.payload.accepted;
  return isObeyed ? "obeys a command after the end of the run, where nothing more can happen" : null;
}

function problemAt({ segment, line }: PlacedEvent, message: string): FoundProblem {
  return { kind: "damaged", segment, line, message };
}

/** Throws `run_damaged` for the first problem that is more than a crash's or a fenced runner's remains. */
export function refuseDamage(key: RunKey, problems: readonly FoundProblem[]): void {
  const damage = problems.find(({ kind }) => kind === "damaged");
  if (damage === undefined) return;
  const place = `${damage.segment} line ${damage.line}`;
  throw new OrchestratorError(
    "run_damaged",
    `run ${key.runId}: ${place} ${damage.message}; see all of it with: codex-orchestrator runs verify ${key.runId}`,
  );
}
