import { latest } from "../flow/next-move.ts";
import type { RunState } from "../flow/run-state.ts";
import { createRequestHash } from "../models/request-hash.ts";
import type { RunManifest } from "../schema/run-manifest.ts";
import type { RunLease } from "../schema/run-store.ts";
import type { Workbench } from "../schema/workspace-port.ts";
import { advance } from "./advance.ts";
import { withinTime } from "./budget.ts";
import { type DrivenRun, driveUnderLease } from "./drive-under-lease.ts";
import type { RunContext, RunParts } from "./run-context.ts";
import type { RunJournal } from "./run-journal.ts";
import { watchForCancel } from "./watch-for-cancel.ts";

/**
 * Drives a run that is held by the lease until it is finished or blocked, then lets go of it. Aborting `signal` stops the runner and
 * leaves the run to be resumed; a cancel command stops the step under way and ends the run.
 */
export function driveRun(parts: RunParts, lease: RunLease, signal: AbortSignal): DrivenRun {
  return driveUnderLease(lease, parts.clock, (journal) => drive(parts, journal, signal));
}

async function drive(parts: RunParts, journal: RunJournal, signal: AbortSignal): Promise<RunManifest> {
  const cancel = new AbortController();
  const bench = openOnce(parts, journal, signal);
  const hashRequest = createRequestHash();
  const stop = AbortSignal.any([signal, cancel.signal]);
  const context: RunContext = { ...parts, journal, bench, hashRequest, signal: stop };
  const stopWatching = watchForCancel(journal.lease, parts.inboxIntervalMs, cancel);
  const { key } = journal.lease;
  const trace = parts.openTrace(key);
  const stopTracing = parts.tracing.route(key.runId, trace.write);
  try {
    return await advance(context);
  } catch (error) {
    if (!cancel.signal.aborted || signal.aborted) throw error;
    return await advance({ ...context, signal });
  } finally {
    stopWatching();
    stopTracing();
    trace.close();
    if (journal.state.finished !== null) await parts.benches.discard(key.runId);
  }
}

/** Opens the workbench at the first need, with the files that the log says it had. */
function openOnce(parts: RunParts, journal: RunJournal, signal: AbortSignal): () => Promise<Workbench> {
  let opened: Promise<Workbench> | null = null;
  return () => {
    opened ??= open(parts, journal, signal);
    return opened;
  };
}

async function open(parts: RunParts, journal: RunJournal, signal: AbortSignal): Promise<Workbench> {
  const { repository, policy } = journal.state.created;
  const { runId } = journal.lease.key;
  const tree = lastTree(journal.state);
  const bench = await withinTime({ journal, signal }, (timed) =>
    parts.benches.open({ runId, repository, policy, tree, signal: timed }),
  );
  if (tree !== null) await bench.workspace.restore(tree);
  return bench;
}

function lastTree(state: RunState): string | null {
  const open = state.steps.find(({ status }) => status === "open");
  return (open ?? latest(state, "builder", -1) ?? latest(state, "planner", -1))?.tree ?? state.workspace?.tree ?? null;
}
