import type { RunManifest } from "../../../schema/run-manifest.ts";
import { type Field, layFields } from "../../text/layout.ts";
import { shortHash } from "../../text/quantities.ts";
import { safeBlock, safeLine } from "../../text/safe-text.ts";

/** A pipeline runs in the working copy itself, a task on the commit alone. */
function uncommittedNote(isPipeline: boolean): string {
  return `the working copy held uncommitted changes, which this run ${isPipeline ? "saw as they were" : "does not see"}`;
}

/** What was asked for, and from where the run started. */
export function taskSection({ task, task_source, repository, ...manifest }: RunManifest, width: number): string {
  const { include, exclude } = task.scope;
  const from = `${safeLine(repository.root)} at ${shortHash(repository.base_commit)}`;
  const branch = repository.branch === null ? " (detached HEAD)" : ` (${safeLine(repository.branch)})`;
  const fields: Field[] = [
    ["run", manifest.run_id],
    ["source", safeLine(task_source)],
    ["goal", safeBlock(task.goal)],
    ...task.acceptance_criteria.map(
      ({ id, text }, index): Field => [index === 0 ? "criteria" : "", `${safeLine(id)}: ${safeBlock(text)}`],
    ),
    ["scope", [...include, ...exclude.map((glob) => `not ${glob}`)].map(safeLine).join(", ")],
    ["specs", task.specs.map(safeLine).join(", ")],
    ["recipe", (task.recipe ?? []).map(safeLine).join(", ")],
    ["asks at", manifest.approvals_wanted.join(", ")],
    ["base", from + branch],
    ["", repository.uncommitted_changes ? uncommittedNote(manifest.pipeline !== undefined) : ""],
    ["parent", manifest.parent_run === null ? "" : safeLine(manifest.parent_run)],
  ];
  return layFields(fields, 2, width);
}
