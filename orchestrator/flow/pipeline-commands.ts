import type { ManifestCommand, PipelineCommand, PipelineSpec } from "../schema/pipeline.ts";
import type { EventPayload, KnownEvent } from "../schema/run-event.ts";

type CommandEvent = Extract<KnownEvent, { event: "command_started" | "command_finished" | "command_interrupted" }>;

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

/** Where each command stands in the queue, by its name: a long queue is not searched for each event. */
export function placesOf(commands: readonly ManifestCommand[]): ReadonlyMap<string, number> {
  return new Map(commands.map(({ name }, place) => [name, place]));
}

/** The command that an event is about as it is then, `index` naming its place (1-based); null for an event that is about none. */
export function commandAfter(
  commands: readonly ManifestCommand[],
  places: ReadonlyMap<string, number>,
  event: KnownEvent,
): ManifestCommand | null {
  switch (event.event) {
    case "command_started":
    case "command_finished":
    case "command_interrupted": {
      const command = commands[places.get(event.payload.name) ?? -1];
      return command === undefined ? null : change(command, event);
    }
    default:
      return null;
  }
}

function change(command: ManifestCommand, event: CommandEvent): ManifestCommand {
  switch (event.event) {
    case "command_started":
      return started(command, event.payload, event.timestamp);
    case "command_finished":
      return ended(command, event.payload, event.timestamp);
    case "command_interrupted":
      return interrupted(command, event.payload, event.timestamp);
  }
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
