import type { ManifestCommand, PipelineCommand, PipelineSpec } from "../schema/pipeline.ts";
import type { EventPayload, KnownEvent } from "../schema/run-event.ts";

/** The commands of a queue before any of them was started. */
export function beginCommands({ commands }: PipelineSpec): readonly ManifestCommand[] {
  return commands.map((command, index) => ({
    index: index + 1,
    name: command.name,
    command: wordsOf(command),
    status: "pending",
    required: command.required,
    once: command.once,
    attempts: 0,
    interruptions: 0,
    started_at: null,
    completed_at: null,
    exit_code: null,
    duration_ms: 0,
    summary: "",
    output: null,
    error_file: null,
  }));
}

/** What a command runs, as it was asked for. */
function wordsOf({ check, argv }: PipelineCommand): string[] {
  return argv ?? [`check:${check ?? ""}`];
}

/** The commands after one more event; the same list for an event that is not about them. */
export function applyCommandEvent(commands: readonly ManifestCommand[], event: KnownEvent): readonly ManifestCommand[] {
  switch (event.event) {
    case "command_started":
      return change(commands, event.payload.name, (command) => started(command, event.payload, event.timestamp));
    case "command_finished":
      return change(commands, event.payload.name, (command) => ended(command, event.payload, event.timestamp));
    case "command_interrupted":
      return change(commands, event.payload.name, (command) => interrupted(command, event.payload, event.timestamp));
    default:
      return commands;
  }
}

function change(
  commands: readonly ManifestCommand[],
  name: string,
  apply: (command: ManifestCommand) => ManifestCommand,
): readonly ManifestCommand[] {
  const index = commands.findIndex((command) => command.name === name);
  const command = commands[index];
  return command === undefined ? commands : commands.with(index, apply(command));
}

function started(command: ManifestCommand, { argv }: EventPayload<"command_started">, at: string): ManifestCommand {
  return { ...command, command: argv, status: "running", started_at: command.started_at ?? at };
}

function ended(command: ManifestCommand, payload: EventPayload<"command_finished">, at: string): ManifestCommand {
  const { outcome, retry_in_ms, exit_code, duration_ms, reason, output, error_file } = payload;
  return {
    ...command,
    status: retry_in_ms === null ? outcome : "pending",
    attempts: command.attempts + (outcome === "missing" ? 0 : 1),
    completed_at: at,
    exit_code,
    duration_ms,
    summary: reason,
    output,
    error_file,
  };
}

function interrupted(
  command: ManifestCommand,
  payload: EventPayload<"command_interrupted">,
  at: string,
): ManifestCommand {
  const { settled, repeated, output } = payload;
  const interruptions = command.interruptions + 1;
  if (repeated) return { ...command, status: "pending", interruptions };
  return { ...command, status: "interrupted", interruptions, completed_at: at, summary: settled, output };
}

/** True where a command keeps the run from passing: it did not pass, or it is required and not there. */
export function isBlocking({ status, required }: ManifestCommand): boolean {
  if (status === "missing" || status === "skipped") return required;
  return status === "failed" || status === "timed_out" || status === "interrupted";
}

/** The commands at the end of the run: what never ran was skipped, and what was to be run again was interrupted for good. */
export function closeCommands(commands: readonly ManifestCommand[]): readonly ManifestCommand[] {
  const blocker = commands.find(isBlocking);
  const reason = blocker === undefined ? "the run ended before" : `${blocker.name} did not pass`;
  return commands.map((command) => {
    if (command.status !== "pending") return command;
    if (command.interruptions === 0) return { ...command, status: "skipped", summary: `not run: ${reason}` };
    return { ...command, status: "interrupted", summary: "interrupted, and not run again" };
  });
}

/** What to run next where the run cannot pass: `doctor` for a guardrail that is missing, else the command that did not pass; else null. */
export function nextCommandOf(commands: readonly ManifestCommand[]): readonly string[] | null {
  const blockers = commands.filter(isBlocking);
  const ran = blockers.find(({ status }) => status !== "missing" && status !== "skipped");
  if (ran !== undefined) return ran.command;
  return blockers.length === 0 ? null : ["codex-orchestrator", "doctor"];
}
