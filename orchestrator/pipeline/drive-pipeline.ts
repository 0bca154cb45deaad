import { closeCommands } from "../flow/pipeline-commands.ts";
import { nextPipelineMove, type PipelineMove } from "../flow/pipeline-move.ts";
import { guardrailsGate } from "../gates/guardrails-gate.ts";
import { type DrivenRun, driveUnderLease } from "../manager/drive-under-lease.ts";
import { makeMoves } from "../manager/make-moves.ts";
import { recordVerdict } from "../manager/record-verdict.ts";
import type { RunJournal } from "../manager/run-journal.ts";
import { watchForCancel } from "../manager/watch-for-cancel.ts";
import type { RunManifest } from "../schema/run-manifest.ts";
import type { RunLease } from "../schema/run-store.ts";
import type { CommandExecutor } from "./command-executor.ts";
import type { PipelineParts, PipelineRun } from "./pipeline-run.ts";
import { runCommand, settleCommand } from "./run-command.ts";

/** Moves of one command: its tries, and as many interruptions. */
const movesOfCommandMax = 1_000;

/**
 * Works through the queue of a run that is held by the lease, until it is finished or paused, then lets go of it. Aborting `signal`
 * stops the runner and leaves the run to be resumed; a cancel command ends the command under way and the run.
 */
export function drivePipeline(parts: PipelineParts, lease: RunLease, signal: AbortSignal): DrivenRun {
  return driveUnderLease(lease, parts.clock, (journal) => drive(parts, journal, signal));
}

async function drive(parts: PipelineParts, journal: RunJournal, signal: AbortSignal): Promise<RunManifest> {
  const cancel = new AbortController();
  const stopWatching = watchForCancel(journal.lease, parts.inboxIntervalMs, cancel);
  const moving = { journal, signal: AbortSignal.any([signal, cancel.signal]) };
  const executor = openOnce(() => parts.openExecutor(moving));
  const run: PipelineRun = { ...parts, ...moving, executor: executor.open };
  try {
    return await advance(run);
  } catch (error) {
    if (!cancel.signal.aborted || signal.aborted) throw error;
    return await advance({ ...run, signal });
  } finally {
    stopWatching();
    await executor.close();
    if (journal.state.finished !== null) await parts.discard(journal.lease.key);
  }
}

/** A run that is only ended needs nothing that carries commands out, so that is opened late, and again where it could not be. */
function openOnce(open: () => Promise<CommandExecutor>) {
  let opened: CommandExecutor | null = null;
  return {
    open: async () => {
      opened ??= await open();
      return opened;
    },
    close: async () => opened?.close(),
  };
}

function advance(run: PipelineRun): Promise<RunManifest> {
  const movesMax = (run.journal.state.commands.length + 1) * movesOfCommandMax;
  return makeMoves(run, () => make(run, nextPipelineMove(run.journal.state)), movesMax);
}

/** Makes one move. Resolves with false where the run cannot go on by itself. */
async function make(run: PipelineRun, move: PipelineMove): Promise<boolean> {
  const { journal } = run;
  switch (move.kind) {
    case "done":
      return false;
    case "block":
      await journal.note("run_blocked", { on: "pause", question_id: null });
      return false;
    case "finish":
      await journal.note("run_finished", { status: move.status, detail: move.detail });
      return false;
    case "settle":
      // What carries the commands on is reached first: a run that cannot go on is left as it is.
      await run.executor();
      await settleCommand(run, move.command);
      return true;
    case "run":
      await runCommand(run, move.command, move.standing);
      return true;
    case "judge":
      await recordVerdict(run, move.subject, guardrailsGate, () => evidenceOf(run));
      return true;
  }
}

function evidenceOf({ journal }: PipelineRun): unknown {
  const commands = closeCommands(journal.state.commands).map(
    ({ name, command, status, required, exit_code, summary }) => ({
      name,
      command,
      status,
      required,
      exit_code,
      summary,
    }),
  );
  return { commands };
}
