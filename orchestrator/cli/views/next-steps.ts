import type { Liveness } from "../../schema/heartbeat.ts";
import type { RunManifest } from "../../schema/run-manifest.ts";
import { programName } from "../command-spec.ts";
import { createHints, type Hints, quoteForShell } from "../hints.ts";
import { safeLine } from "../text/safe-text.ts";

const askedMax = 5;

/** A command to copy, and what it is for. */
export type NextStep = readonly [command: string, purpose: string];

/** What a person may want to do next with a run that stands so. */
export function nextSteps(manifest: RunManifest, liveness: Liveness, hints: Hints): readonly NextStep[] {
  const run = manifest.run_id;
  const show: NextStep = [hints.command("runs", "show", run), "everything a reviewer needs"];
  const diff: NextStep = [hints.command("runs", "diff", run), "the change"];
  const resume: NextStep = [hints.command("resume", run), "goes on where it stopped"];
  const isTask = manifest.pipeline === undefined && manifest.goals === undefined;
  switch (manifest.status) {
    case "passed":
      if (!isTask) return [show];
      return [show, diff, [hints.command("runs", "apply", run), "brings the commit into your repository"]];
    case "refused":
      return [...nextCommand(manifest, hints), show];
    case "cancelled":
      return [show];
    case "blocked":
      return manifest.goals === undefined ? [show] : [...goalsThatAsk(manifest), resume, show];
    case "faulted":
      if (manifest.status_detail.startsWith("workspace_lost:")) {
        return [[hints.command("cancel", run), "ends it: its files are gone"], show];
      }
      return [resume, show];
    case "paused":
      return [resume, show];
    case "running":
      return liveness === "alive" ? [[hints.command("runs", "watch", run), "follows it"], show] : [resume, show];
  }
}

/** What the goals ask, each in its own repository. */
function goalsThatAsk({ goals }: RunManifest): readonly NextStep[] {
  const blocked = (goals?.goals ?? []).filter(({ status }) => status === "blocked").slice(0, askedMax);
  return blocked.flatMap(({ id, run_id, repository }) =>
    run_id === null ? [] : [[createHints(repository).command("runs", "show", run_id), `what ${safeLine(id)} asks`]],
  );
}

/** What a refused pipeline says to run next. */
function nextCommand({ pipeline }: RunManifest, hints: Hints): readonly NextStep[] {
  const words = pipeline?.next_command ?? [];
  const [program = "", ...rest] = words;
  if (program === "") return [];
  const isOnce = pipeline?.commands.some(({ once, command }) => once && command.join("\0") === words.join("\0"));
  const purpose = isOnce
    ? "did not pass, and is marked once: see what it did before you run it again"
    : "did not pass: run it by itself";
  if (program === programName) return [[hints.command(...rest), "says what is missing, and how to get it"]];
  return [[words.map((word) => quoteForShell(safeLine(word))).join(" "), purpose]];
}
