import type { RunState } from "../flow/run-state.ts";
import type { Command } from "../schema/command.ts";
import type { RunContext } from "./run-context.ts";

type ListeningRun = Pick<RunContext, "journal" | "clock">;

/** Turns what was said to the run into events, each once, in the order it was said. */
export async function takeCommands(run: ListeningRun): Promise<void> {
  const { lease } = run.journal;
  for (const command of await lease.pending()) {
    if (!wasTaken(run, command.id)) {
      const reason = refusalOf(run.journal.state, command, run.clock.now());
      await run.journal.append({
        event: "command_received",
        actor: command.actor,
        payload: { command, accepted: reason === null, reason },
      });
      await lease.sync();
    }
    await lease.settle(command.id);
  }
}

/** A crash between the event and the settling leaves the command in the inbox; its event says that it was taken. */
function wasTaken(run: ListeningRun, id: string): boolean {
  return run.journal.lease.events.some(
    (event) => event.event === "command_received" && event.payload.command.id === id,
  );
}

/** Why a command has no effect, or null where it has. */
function refusalOf(state: RunState, command: Command, now: Date): string | null {
  if (state.finished !== null) return "the run is finished";
  if (command.verb === "resume") return state.paused ? null : "the run is not paused";
  if (command.verb !== "answer") return null;
  const asked = state.questions.find(({ question }) => question.id === command.question_id);
  if (asked === undefined) return `there is no question ${command.question_id}`;
  if (asked.answer !== null) return `question ${command.question_id} was answered before`;
  if (asked.question.subject_sha256 !== command.subject_sha256) return "the answer is about something older";
  if (command.expires_at !== undefined && Date.parse(command.expires_at) < now.getTime())
    return "the answer is expired";
  return null;
}
