import { acceptedCommit, readBundle } from "../../runs/read-bundle.ts";
import { type ApplyOutcome, applyRun } from "../../workspace/apply-run.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { indentText } from "../text/layout.ts";
import type { Paint } from "../text/paint.ts";
import { shortHash } from "../text/quantities.ts";
import { safeLine } from "../text/safe-text.ts";
import { openRecord, openRepositoryRuns } from "./open-repository.ts";

const pathsMax = 20;

/** `runs apply`: brings the commit of a passed run into the repository, or says why not and changes nothing. */
export async function runsApplyCommand(context: CommandContext): Promise<number> {
  const { args, printer, format } = context;
  const { repository } = await openRepositoryRuns(context);
  const { runs, key } = await openRecord(context);
  const manifest = await runs.manifest(key);
  const commit = acceptedCommit(manifest);
  const outcome = await applyRun({
    repositoryRoot: repository,
    runId: key.runId,
    bundle: await readBundle(runs, key, manifest),
    commit,
    base: manifest.repository.base_commit,
    branchOnly: args.isOn("branch-only"),
  });
  if (format === "json") printer.printJson({ run_id: key.runId, task_id: key.taskId, commit, ...outcome });
  else printer.print(outcomeText(outcome, printer.paint, printer.width));
  return outcome.outcome === "refused" ? exitCodes.no : exitCodes.yes;
}

function outcomeText(outcome: ApplyOutcome, paint: Paint, width: number): string {
  switch (outcome.outcome) {
    case "fetched":
      return `${paint.green("✓")} the run's commit is on the branch ${safeLine(outcome.branch)}; your working copy is as it was`;
    case "applied": {
      const how = outcome.how === "fast_forward" ? "by fast-forward" : "as a commit of its own on top of yours";
      return `${paint.green("✓")} applied ${how}; HEAD is ${shortHash(outcome.head)}`;
    }
    case "already_applied":
      return `${paint.green("✓")} nothing to bring in: HEAD, ${shortHash(outcome.head)}, has the change already`;
    case "refused": {
      const shown = outcome.paths.slice(0, pathsMax).map((path) => `  ${safeLine(path)}`);
      const more = outcome.paths.length > pathsMax ? [`  and ${outcome.paths.length - pathsMax} more`] : [];
      return [
        `${paint.red("✗")} ${indentText(safeLine(outcome.reason), 2, width).trimStart()}`,
        ...shown,
        ...more,
      ].join("\n");
    }
  }
}
