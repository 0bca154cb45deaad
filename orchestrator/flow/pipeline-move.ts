import type { ManifestCommand, PipelineCommand } from "../schema/pipeline.ts";
import { closeCommands, isBlocking, nextCommandOf } from "./pipeline-commands.ts";
import { type RunState, runSubject } from "./run-state.ts";

/** What may happen next in a run of commands. Nothing leaves a choice. */
export type PipelineMove =
  | { readonly kind: "done" }
  | { readonly kind: "finish"; readonly status: "passed" | "refused" | "cancelled"; readonly detail: string }
  | { readonly kind: "block" }
  /** A runner died inside this command. */
  | { readonly kind: "settle"; readonly command: PipelineCommand }
  | { readonly kind: "run"; readonly command: PipelineCommand; readonly standing: ManifestCommand }
  | { readonly kind: "judge"; readonly subject: typeof runSubject };

/** The move that the events of a pipeline's run make legal. Pure. Throws a `TypeError` for the run of a task. */
export function nextPipelineMove(state: RunState): PipelineMove {
  const { pipeline } = state.created;
  if (pipeline === undefined) throw new TypeError("the run of a task has no pipeline");
  if (state.finished !== null) return { kind: "done" };
  const commandOf = (standing: ManifestCommand) => pipeline.commands[standing.index - 1];
  const open = state.commands.find(({ status }) => status === "running");
  const interrupted = open && commandOf(open);
  if (interrupted !== undefined) return { kind: "settle", command: interrupted };
  if (state.cancelled !== null) return { kind: "finish", status: "cancelled", detail: state.cancelled.message };
  if (state.paused) return { kind: "block" };
  const standing = nextPending(state.commands, pipeline.keep_going);
  const command = standing && commandOf(standing);
  if (standing !== undefined && command !== undefined) return { kind: "run", command, standing };
  if (state.guardrailsVerdict === null) return { kind: "judge", subject: runSubject };
  return finish(state);
}

function nextPending(commands: readonly ManifestCommand[], keepGoing: boolean): ManifestCommand | undefined {
  if (!keepGoing && commands.some(isBlocking)) return undefined;
  return commands.find(({ status }) => status === "pending");
}

function finish({ commands, guardrailsVerdict }: RunState): PipelineMove {
  if (guardrailsVerdict?.decision === "pass")
    return { kind: "finish", status: "passed", detail: passedDetail(commands) };
  const blockers = closeCommands(commands).filter(isBlocking);
  const reasons = blockers.map(({ name, status }) => `${name} ${status.replace("_", " ")}`).slice(0, 5);
  const why = reasons.length === 0 ? "the guardrails gate could not decide" : reasons.join(", ");
  const next = nextCommandOf(commands);
  const advice = next === null ? "" : `; run next: ${next.join(" ")}`;
  return { kind: "finish", status: "refused", detail: `${why}${advice}` };
}

function passedDetail(commands: readonly ManifestCommand[]): string {
  const passed = commands.filter(({ status }) => status === "passed").length;
  const rest = commands.length - passed;
  return `${passed} passed${rest === 0 ? "" : `, ${rest} not required and not there`}`;
}
