import type { OpenRuns } from "../../compose.ts";
import { newId } from "../../io/ids.ts";
import { localPerson } from "../../io/local-person.ts";
import type { Command } from "../../schema/command.ts";
import { isOrchestratorError, OrchestratorError } from "../../schema/errors.ts";
import type { RunManifest, RunStatus } from "../../schema/run-manifest.ts";
import type { RunKey } from "../../schema/run-store.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { safeLine } from "../text/safe-text.ts";
import type { FollowedRun } from "./follow-run.ts";
import { goOn } from "./go-on.ts";
import { hintsOf } from "./open-repository.ts";

/** A run that a verb names. */
export type NamedRun = OpenRuns & { readonly key: RunKey };

/** What every command to a run begins with. */
export function commandHead({ io, args }: CommandContext) {
  const message = args.text("message");
  return {
    schema_version: 1,
    id: newId(io.clock),
    at: io.clock.now().toISOString(),
    actor: localPerson(io.environment),
    ...(message === undefined ? {} : { message }),
  } as const;
}

/** Throws `run_state_refused` for a run that is over. */
export function assertUnfinished({ run_id, status, status_detail }: RunManifest, verb: string): void {
  if (status !== "passed" && status !== "refused" && status !== "cancelled") return;
  throw new OrchestratorError(
    "run_state_refused",
    `run ${run_id} is finished (${status}: ${status_detail}); there is nothing to ${verb}`,
  );
}

/**
 * Leaves a command for a run, and goes on with the run where nobody works on it. Resolves with null where the command was only left:
 * for the one who works on it, or because of `--no-advance`.
 */
export async function sayAndGoOn(
  context: CommandContext,
  run: NamedRun,
  command: Command,
): Promise<FollowedRun | null> {
  await run.runs.submit(run.key, command);
  if (context.args.isOn("no-advance")) {
    leave(
      context,
      run.key,
      command,
      `it is taken when the run goes on: ${hintsOf(context).command("resume", run.key.runId)}`,
    );
    return null;
  }
  try {
    const followed = await goOn(context, run, `${wordOf(command)} by ${command.actor.id}`);
    return (await tellRefusal(context, run, command)) ? { ...followed, exitCode: exitCodes.no } : followed;
  } catch (error) {
    if (!isOrchestratorError(error, "run_held")) throw error;
    leave(context, run.key, command, "the process that works on the run takes it at the next step");
    return null;
  }
}

/** True where the run did not take the command, and why is told: somebody else may have been quicker. */
async function tellRefusal({ printer }: CommandContext, { runs, key }: NamedRun, command: Command): Promise<boolean> {
  const events = await runs.events(key);
  const taken = events.findLast(
    (event) => event.event === "command_received" && event.payload.command.id === command.id,
  );
  const reason = taken?.event === "command_received" ? taken.payload.reason : "the run was over before";
  if (reason === null) return false;
  printer.note(`${wordOf(command)} had no effect: ${safeLine(reason)}`);
  return true;
}

function leave({ printer, format }: CommandContext, { taskId, runId }: RunKey, command: Command, then: string): void {
  if (format === "json") return void printer.printJson({ run_id: runId, task_id: taskId, command, taken: false });
  printer.print(`${wordOf(command)} left for run ${runId}; ${safeLine(then)}`);
}

function wordOf(command: Command): string {
  return command.verb === "answer" ? command.answer : command.verb;
}

/** The exit code of a verb that wanted a run to end up in one status. */
export function exitCodeOfWish(followed: FollowedRun | null, wanted: RunStatus): number {
  if (followed === null) return exitCodes.yes;
  if (followed.manifest?.status === wanted) return exitCodes.yes;
  return followed.exitCode === exitCodes.yes ? exitCodes.no : followed.exitCode;
}
