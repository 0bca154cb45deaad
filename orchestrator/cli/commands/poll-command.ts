import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { OpenRuns } from "../../compose.ts";
import { exists } from "../../io/files.ts";
import type { RunKey } from "../../schema/run-store.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodeOfStatus, exitCodes } from "../exit-code.ts";
import { type PollDocument, pollDocument, pollText } from "../views/poll-view.ts";
import { hintsOf, openNamedRun } from "./open-repository.ts";

/** `poll`: how a run stands, once or again and again. A run that goes on is fine; one without a holder must be resumed. */
export async function pollCommand(context: CommandContext): Promise<number> {
  const { args, printer, format, signal } = context;
  const opened = await openNamedRun(context);
  const watches = args.isOn("watch");
  const intervalMs = (args.count("interval") ?? 2) * 1000;
  for (;;) {
    const found = await look(context, opened);
    const print =
      format === "text" ? () => printer.print(pollText(found, printer)) : printJson(context, watches, found);
    if (!print()) return exitCodes.yes;
    if (!watches || !found.is_active) return exitCodeOf(found);
    await sleep(intervalMs, undefined, { signal }).catch(() => {});
    const stoppedBy = context.stoppedBy();
    if (stoppedBy !== null) return exitCodes[stoppedBy];
  }
}

function printJson({ printer }: CommandContext, watches: boolean, found: PollDocument): () => boolean {
  return () => (watches ? printer.printJsonLine(found) : printer.printJson(found));
}

async function look(
  context: CommandContext,
  { runs, runsRoot, key }: OpenRuns & { key: RunKey },
): Promise<PollDocument> {
  const [manifest, sign] = [await runs.manifest(key), await runs.heartbeat(key)];
  const manifestPath = join(runsRoot, key.taskId, key.runId, "manifest.json");
  return pollDocument({
    manifest,
    ...sign,
    now: context.io.clock.now(),
    manifestPath: (await exists(manifestPath)) ? manifestPath : null,
    resume: hintsOf(context).command("resume", key.runId),
    answer: (questionId) => hintsOf(context).command("approve", key.runId, "--question", questionId),
  });
}

function exitCodeOf({ status, is_active }: PollDocument): number {
  return is_active ? exitCodes.yes : exitCodeOfStatus(status);
}
