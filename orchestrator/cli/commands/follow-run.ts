import type { RunHandle } from "../../orchestrator.ts";
import type { RunArchive } from "../../runs/run-archive.ts";
import type { RunManifest } from "../../schema/run-manifest.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodeOfFault, exitCodeOfStatus } from "../exit-code.ts";
import { type Progress, showProgress } from "../progress/show-progress.ts";
import { faultDocument, faultText, printableFault } from "../report-fault.ts";
import { safeBlock } from "../text/safe-text.ts";
import { hintsOf } from "./open-repository.ts";
import { printStanding } from "./print-standing.ts";

/** How far a run got in this process. */
export interface FollowedRun {
  /** Null where a fault left nothing that can be read. */
  readonly manifest: RunManifest | null;
  readonly exitCode: number;
}

/**
 * Shows a run until this process lets go of it, then prints where it stands: the summary, or the manifest as JSON. `eventsBefore` is how many
 * events it had when it was taken over.
 */
export async function followRun(
  context: CommandContext,
  runs: RunArchive,
  handle: RunHandle,
  eventsBefore = 0,
): Promise<FollowedRun> {
  const progress = showProgress(context.io, { isQuiet: context.args.isOn("quiet"), eventsBefore });
  const [watched, finished] = await Promise.allSettled([showEvents(handle, progress), handle.finished()]);
  progress.end();
  if (finished.status === "rejected") return reportStopped(context, runs, handle, finished.reason);
  if (watched.status === "rejected") throw watched.reason;
  await printStanding(context, runs, handle.key, finished.value);
  return { manifest: finished.value, exitCode: exitCodeOfStatus(finished.value.status) };
}

async function showEvents({ events }: RunHandle, { add }: Progress): Promise<void> {
  for await (const event of events) add(event);
}

async function reportStopped(
  context: CommandContext,
  runs: RunArchive,
  handle: RunHandle,
  reason: unknown,
): Promise<FollowedRun> {
  const { printer, format, io } = context;
  const stoppedBy = context.stoppedBy();
  const exitCode = exitCodeOfFault(reason, stoppedBy);
  const fault = await printableFault(reason, io.environment);
  printer.note(faultText(fault, stoppedBy));
  const manifest = await runs.manifest(handle.key).catch(async (unread: unknown) => {
    printer.note(faultText(await printableFault(unread, io.environment), stoppedBy));
    return null;
  });
  if (manifest !== null) await printStanding(context, runs, handle.key, manifest);
  else if (format === "json") printer.printJson(faultDocument(fault, exitCode));
  else printer.note(`go on with: ${hintsOf(context).command("resume", handle.key.runId)}`);
  return { manifest, exitCode };
}

/** Tells at once which run this is, so that it can be found whatever happens. */
export function announceRun({ printer }: CommandContext, handle: RunHandle, verb: string): void {
  printer.note(`${verb} ${printer.notePaint.bold(handle.key.runId)} of task ${safeBlock(handle.key.taskId)}`);
}
