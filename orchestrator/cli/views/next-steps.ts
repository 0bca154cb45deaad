import type { Liveness } from "../../schema/heartbeat.ts";
import type { RunManifest } from "../../schema/run-manifest.ts";
import type { Hints } from "../hints.ts";

/** A command to copy, and what it is for. */
export type NextStep = readonly [command: string, purpose: string];

/** What a person may want to do next with a run that stands so. */
export function nextSteps(manifest: RunManifest, liveness: Liveness, hints: Hints): readonly NextStep[] {
  const run = manifest.run_id;
  const show: NextStep = [hints.command("runs", "show", run), "everything a reviewer needs"];
  const diff: NextStep = [hints.command("runs", "diff", run), "the change"];
  const resume: NextStep = [hints.command("resume", run), "goes on where it stopped"];
  switch (manifest.status) {
    case "passed":
      return [show, diff, [hints.command("runs", "apply", run), "brings the commit into your repository"]];
    case "refused":
    case "cancelled":
    case "blocked":
      return [show];
    case "paused":
    case "faulted":
      return [resume, show];
    case "running":
      return liveness === "alive" ? [[hints.command("runs", "watch", run), "follows it"], show] : [resume, show];
  }
}
