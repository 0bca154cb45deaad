import { join } from "node:path";
import type { KnownEvent } from "../../orchestrator/schema/run-event.ts";
import type { RunKey } from "../../orchestrator/schema/run-store.ts";
import { git, temporaryFolder } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { type Playground, payloadsOf } from "./playground.ts";

/** What must happen once in a run of a task, and happened more often; empty where all is well. */
export function doublesIn(events: readonly KnownEvent[]): readonly string[] {
  const seen = [
    ...payloadsOf(events, "step_started").map(({ step_id }) => `${step_id} started`),
    ...payloadsOf(events, "step_finished").map(({ step_id }) => `${step_id} finished`),
    // The gates before the commit are asked by each runner for itself: an older verdict may have run out.
    ...payloadsOf(events, "gate_passed")
      .filter(({ step_id }) => step_id !== "finish")
      .map(({ step_id, verdict }) => `${step_id} ${verdict.gate}`),
    ...payloadsOf(events, "model_answered").map(({ step_id, turn }) => `${step_id} turn ${turn}`),
    ...payloadsOf(events, "tool_finished").map(({ step_id, call_id }) => `${step_id} call ${call_id}`),
    ...payloadsOf(events, "question_asked").map(({ question }) => `${question.id} asked`),
    ...payloadsOf(events, "command_received")
      .filter(({ accepted }) => accepted)
      .map(({ command }) => (command.verb === "answer" ? `${command.question_id} answered` : command.id)),
    ...payloadsOf(events, "change_committed").map(() => "committed"),
    ...payloadsOf(events, "run_finished").map(() => "run finished"),
  ];
  return seen.filter((name, index) => seen.indexOf(name) !== index);
}

/** How many commits the bundle of a finished run brings into its repository. */
export function commitsIn(playground: Playground, key: RunKey): number {
  return Number(git(bundleOf(playground, key), "rev-list", "--count", "--all", "--not", "HEAD"));
}

/** The text of a file in the commit of a finished run. */
export function committedText(playground: Playground, key: RunKey, commit: string, path: string): string {
  return git(bundleOf(playground, key), "show", `${commit}:${path}`);
}

/** A clone of the repository with what the bundle holds. */
function bundleOf(playground: Playground, key: RunKey): string {
  const clone = temporaryFolder("clone");
  git(clone, "clone", "-q", playground.repository, ".");
  git(clone, "fetch", "-q", join(playground.runFolder(key), "change.bundle"), "+refs/heads/*:refs/run/*");
  return clone;
}
