import type { Printer } from "../printer.ts";
import { layTable } from "../text/layout.ts";
import { countOf } from "../text/quantities.ts";
import { safeLine } from "../text/safe-text.ts";

/** What `runs prune --format json` prints. */
export interface PruneDocument {
  /** True: nothing was removed, and all this would have been. */
  readonly dry_run: boolean;
  readonly blobs_only: boolean;
  readonly pruned: readonly { readonly run_id: string; readonly task_id: string; readonly reason: string }[];
  readonly kept: readonly { readonly run_id: string; readonly task_id: string; readonly reason: string }[];
  /** Left-over folders. */
  readonly folders: readonly string[];
  readonly branches: readonly { readonly ref: string; readonly deleted: boolean; readonly reason: string | null }[];
}

/** The same for people. */
export function pruneText(found: PruneDocument, { paint }: Pick<Printer, "paint">): string {
  const deed = found.dry_run ? "would remove" : "removed";
  const what = found.blobs_only ? "the outputs of " : "";
  const deleted = found.branches.filter((branch) => branch.deleted);
  return [
    paint.bold(
      `${deed} ${what}${countOf(found.pruned.length, "run")}, ${countOf(found.folders.length, "left-over folder")}, ` +
        `${countOf(deleted.length, "branch").replace(/branchs$/, "branches")}`,
    ),
    layTable(
      [
        ...found.pruned.map(({ run_id, task_id, reason }) => [paint.red("–"), run_id, safeLine(task_id), reason]),
        ...found.kept.map(({ run_id, task_id, reason }) => [
          paint.green("✓"),
          run_id,
          safeLine(task_id),
          `stays: ${reason}`,
        ]),
      ],
      2,
    ),
    layTable(
      [
        ...found.folders.map((folder) => [paint.red("–"), safeLine(folder)]),
        ...found.branches.map(({ ref, reason }) =>
          reason === null ? [paint.red("–"), safeLine(ref)] : [paint.green("✓"), safeLine(ref), `stays: ${reason}`],
        ),
      ],
      2,
    ),
  ]
    .filter((text) => text !== "")
    .join("\n");
}
