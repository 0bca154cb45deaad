import type { RunArchive } from "../../runs/run-archive.ts";
import { OrchestratorError } from "../../schema/errors.ts";
import { type RunManifest, RunStatus } from "../../schema/run-manifest.ts";
import type { RunRow } from "../../schema/run-store.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { safeLine } from "../text/safe-text.ts";
import { rowDocument, runsTable, staleNotes } from "../views/runs-table.ts";
import { waitingDocument, waitingTable } from "../views/waiting-table.ts";
import { hintsOf, openRepositoryRuns } from "./open-repository.ts";

/** `runs list`: the runs of a repository, newest first, damaged ones with the reason. */
export async function runsListCommand(context: CommandContext): Promise<number> {
  const { args, io, printer, format } = context;
  const { runs, runsRoot } = await openRepositoryRuns(context);
  const hints = hintsOf(context);
  const isBlocked = args.isOn("blocked");
  const [taskId, status] = [args.text("task"), readStatus(args.text("status") ?? (isBlocked ? "blocked" : undefined))];
  const { rows, cursor } = await runs.list({
    limit: args.count("limit") ?? 20,
    ...(taskId === undefined ? {} : { taskId }),
    ...(status === undefined ? {} : { status }),
  });
  if (isBlocked) return printWaiting(context, await waitingRuns(runs, rows));
  if (format === "json") {
    printer.printJson({ runs: rows.map((row) => rowDocument(row, hints)), more: cursor !== null });
  } else if (rows.length === 0) {
    printer.note(`no runs${taskId === undefined && status === undefined ? "" : " that fit"} in ${safeLine(runsRoot)}`);
  } else {
    printer.print(runsTable(rows, printer.paint, io.stdout.columns ?? undefined));
    for (const note of staleNotes(rows, hints)) printer.note(note);
    if (cursor !== null) printer.note("there are more; see them with --limit");
  }
  return exitCodes.yes;
}

async function waitingRuns(runs: RunArchive, rows: readonly RunRow[]): Promise<readonly RunManifest[]> {
  const waiting: RunManifest[] = [];
  for (const row of rows) if (!row.damaged) waiting.push(await runs.manifest(row.key));
  return waiting;
}

function printWaiting(context: CommandContext, waiting: readonly RunManifest[]): number {
  const { printer, format, io } = context;
  const hints = hintsOf(context);
  if (format === "json") printer.printJson({ runs: waiting.map((manifest) => waitingDocument(manifest, hints)) });
  else if (waiting.length === 0) printer.note("no run waits for a person");
  else printer.print(waitingTable(waiting, hints, printer.paint, io.stdout.columns ?? undefined));
  return exitCodes.yes;
}

function readStatus(text: string | undefined): RunStatus | undefined {
  if (text === undefined) return undefined;
  const parsed = RunStatus.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new OrchestratorError("usage", `--status is one of ${RunStatus.options.join(", ")}, not "${text}"`);
}
