import type { OpenRuns } from "../../compose.ts";
import { findReliedRuns } from "../../evidence/relied-runs.ts";
import { removeTree } from "../../io/files.ts";
import { localPerson } from "../../io/local-person.ts";
import { choosePrunable, type PruneChoice } from "../../runs/choose-prunable.ts";
import { findRemains, pruneOutputs, pruneRun } from "../../runs/prune-run.ts";
import { isOrchestratorError, OrchestratorError } from "../../schema/errors.ts";
import type { RunRow } from "../../schema/run-store.ts";
import { deleteBranch, findLeftovers, type Leftovers } from "../../workspace/find-leftovers.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { type PruneDocument, pruneText } from "../views/prune-view.ts";
import { openRepositoryRuns } from "./open-repository.ts";

const pageRows = 1000;
const unitsMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** `runs prune`: removes finished runs, or only the outputs of their commands, and what runs that are gone left behind. */
export async function runsPruneCommand(context: CommandContext): Promise<number> {
  const { args, io, printer, format } = context;
  const limits = { keep: readKeep(args.text("keep")), olderThanMs: readAge(args.text("older-than")) };
  if (limits.keep === null && limits.olderThanMs === null) {
    throw new OrchestratorError("usage", "say what may go: --keep <n>, --older-than <age>, or both");
  }
  const opened = await openRepositoryRuns(context);
  const rows = await listAll(opened);
  const relied = new Set([...(await findReliedRuns(opened.repository)), ...(await findReplayed(opened, rows))]);
  const choices = choosePrunable(rows, limits, relied, io.clock.now());
  const isDry = args.isOn("dry-run");
  const document = await prune(context, opened, choices, isDry);
  if (format === "json") printer.printJson(document);
  else printer.print(pruneText(document, printer));
  return exitCodes.yes;
}

async function prune(
  context: CommandContext,
  opened: OpenRuns,
  choices: readonly PruneChoice[],
  isDry: boolean,
): Promise<PruneDocument> {
  const onlyBlobs = context.args.isOn("blobs");
  const pruned = await pruneChosen(context, opened, choices, isDry, onlyBlobs);
  const going = new Set(onlyBlobs ? [] : pruned.map(({ run_id }) => run_id));
  const leftovers = onlyBlobs ? { folders: [], branches: [] } : await sweep(opened, going, isDry);
  return {
    dry_run: isDry,
    blobs_only: onlyBlobs,
    pruned,
    kept: choices
      .filter(({ key }) => !pruned.some(({ run_id }) => run_id === key.runId))
      .map(({ key, reason }) => ({ run_id: key.runId, task_id: key.taskId, reason })),
    folders: leftovers.folders,
    branches: leftovers.branches.map(({ ref, stays }) => ({ ref, deleted: stays === null, reason: stays })),
  };
}

async function pruneChosen(
  { io }: CommandContext,
  { runsRoot }: OpenRuns,
  choices: readonly PruneChoice[],
  isDry: boolean,
  onlyBlobs: boolean,
): Promise<PruneDocument["pruned"]> {
  const pruned: PruneDocument["pruned"][number][] = [];
  const note = { at: io.clock.now().toISOString(), actor: localPerson(io.environment) };
  for (const { key, reason } of choices.filter(({ goes }) => goes)) {
    try {
      if (!isDry && onlyBlobs) await pruneOutputs(runsRoot, key, note);
      if (!isDry && !onlyBlobs) await pruneRun(runsRoot, key);
      pruned.push({ run_id: key.runId, task_id: key.taskId, reason });
    } catch (error) {
      // It changed since it was listed; then it stays.
      if (!isOrchestratorError(error, "run_state_refused") && !isOrchestratorError(error, "run_damaged")) throw error;
    }
  }
  return pruned;
}

/** Removes what runs left outside of `.runs`. `going` are runs that a dry run would have removed. */
async function sweep(opened: OpenRuns, going: ReadonlySet<string>, isDry: boolean): Promise<Leftovers> {
  const { repository, cacheDir, runsRoot } = opened;
  const remains = await findRemains(runsRoot);
  const leftovers = await findLeftovers(repository, cacheDir, async () => {
    const rows = (await listAll(opened)).filter(({ key }) => !going.has(key.runId));
    const open = rows.filter((row) => row.damaged || row.finishedAt === null);
    return { inUse: idsOf(open), known: idsOf(rows) };
  });
  const folders = [...remains, ...leftovers.folders];
  if (isDry) return { ...leftovers, folders };
  for (const folder of folders) await removeTree(folder);
  for (const branch of leftovers.branches) if (branch.stays === null) await deleteBranch(repository, branch);
  return { ...leftovers, folders };
}

function idsOf(rows: readonly RunRow[]): ReadonlySet<string> {
  return new Set(rows.map(({ key }) => key.runId));
}

async function listAll({ runs }: OpenRuns): Promise<readonly RunRow[]> {
  const rows: RunRow[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page: Awaited<ReturnType<typeof runs.list>> = await runs.list({
      limit: pageRows,
      ...(cursor === "" ? {} : { cursor }),
    });
    rows.push(...page.rows);
    cursor = page.cursor;
  }
  return rows;
}

/** Runs whose answers an unfinished run replays. */
async function findReplayed({ runs, run }: OpenRuns, rows: readonly RunRow[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const row of rows) {
    if (row.damaged || row.finishedAt !== null) continue;
    const { model } = await runs.manifest(row.key);
    const replayed = model.startsWith("replay:") ? await findRun(run, model.slice("replay:".length)) : null;
    if (replayed !== null) found.push(replayed);
  }
  return found;
}

/** Null for a run that is gone already, or that cannot be meant by this text any more. */
async function findRun(run: OpenRuns["run"], text: string): Promise<string | null> {
  try {
    return (await run(text)).runId;
  } catch (error) {
    if (isOrchestratorError(error, "run_not_found") || isOrchestratorError(error, "run_ambiguous")) return null;
    throw error;
  }
}

function readKeep(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new OrchestratorError("usage", `--keep is a whole number from 0, not "${text}"`);
}

/** Milliseconds of an age such as `30d`. Throws `usage`. */
export function readAge(text: string | undefined): number | null {
  if (text === undefined) return null;
  const [, count, unit] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  const ms = Object.entries(unitsMs).find(([name]) => name === unit)?.[1];
  if (count !== undefined && ms !== undefined) return Number(count) * ms;
  throw new OrchestratorError("usage", `--older-than is a number with s, m, h, d or w, such as 30d, not "${text}"`);
}
