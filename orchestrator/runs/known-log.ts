import { OrchestratorError } from "../schema/errors.ts";
import type { KnownEvent } from "../schema/run-event.ts";
import type { RunKey } from "../schema/run-store.ts";
import type { FoundProblem, PlacedEvent, ScannedLog } from "./event-log.ts";
import { type BlobReader, resolveEvent } from "./known-event.ts";
import { mapBounded } from "./map-bounded.ts";

/** A log whose payloads were fetched and checked. */
export interface KnownLog {
  /** The events that this version knows. */
  readonly events: readonly KnownEvent[];
  /** The events that could not be understood, then the problems of the log. */
  readonly problems: readonly FoundProblem[];
}

/** Gives the events of a log their payloads. Never rejects. */
export async function resolveLog(log: ScannedLog, readBlob: BlobReader): Promise<KnownLog> {
  const resolved = await mapBounded(log.events, 8, async (placed) => ({
    placed,
    known: await resolveEvent(placed.event, readBlob),
  }));
  const events = resolved.flatMap(({ known }) => (typeof known === "string" ? [] : [known]));
  const notKnown = resolved.flatMap(({ placed, known }) =>
    typeof known === "string" ? [problemAt(placed, known)] : [],
  );
  return { events, problems: [...notKnown, ...log.problems] };
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
