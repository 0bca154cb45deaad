import { systemClock } from "./io/clock.ts";
import { newId } from "./io/ids.ts";
import { localPerson } from "./io/local-person.ts";
import type { DrivenRun } from "./manager/drive-under-lease.ts";
import type { RunHandle } from "./orchestrator.ts";
import type { RunArchive } from "./runs/run-archive.ts";
import type { Command } from "./schema/command.ts";
import type { RunKey } from "./schema/run-store.ts";
import type { TaskSpec } from "./schema/task-spec.ts";

/** Where a handle's runs are kept, and who acts. */
export interface HandleParts {
  readonly runs: RunArchive;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The handle of a run that is driven in this process. */
export function createRunHandle(parts: HandleParts, key: RunKey, task: TaskSpec, driven: DrivenRun): RunHandle {
  const submit = (verb: "pause" | "cancel", message: string | undefined) =>
    parts.runs.submit(key, personalCommand(parts.environment, { verb, ...(message === undefined ? {} : { message }) }));
  return {
    key,
    task,
    events: driven.events,
    finished: () => driven.finished,
    pause: (message) => submit("pause", message),
    cancel: (message) => submit("cancel", message),
  };
}

/** A command of the person who started this process. */
export function personalCommand(
  environment: HandleParts["environment"],
  said: { readonly verb: "pause" | "cancel"; readonly message?: string },
): Command {
  return {
    schema_version: 1,
    id: newId(systemClock),
    at: systemClock.now().toISOString(),
    actor: localPerson(environment),
    ...said,
  };
}
