import { sha256 } from "../../io/hash.ts";
import { buildOfUnfinishedPatch } from "../../runs/artifact-name.ts";
import type { RunArchive } from "../../runs/run-archive.ts";
import { OrchestratorError } from "../../schema/errors.ts";
import type { RunManifest } from "../../schema/run-manifest.ts";
import type { RunKey } from "../../schema/run-store.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import type { Paint } from "../text/paint.ts";
import { safeBlock } from "../text/safe-text.ts";
import { openRecord } from "./open-repository.ts";

interface FoundPatch {
  readonly bytes: Uint8Array;
  /** What a reader must know about it, or "". */
  readonly note: string;
}

/** `runs diff`: the change as a patch; as it is for a program, made safe and coloured on a terminal. */
export async function runsDiffCommand(context: CommandContext): Promise<number> {
  const { io, printer, format } = context;
  const { runs, key } = await openRecord(context);
  const { bytes, note } = await findPatch(runs, key);
  if (format === "json") {
    const patch = Buffer.from(bytes).toString("utf8");
    printer.printJson({ run_id: key.runId, task_id: key.taskId, sha256: sha256(bytes), note, patch });
    return exitCodes.yes;
  }
  if (note !== "") printer.note(note);
  if (io.stdout.isTerminal) io.stdout.write(paintDiff(safeBlock(Buffer.from(bytes).toString("utf8")), printer.paint));
  else io.stdout.write(bytes);
  return exitCodes.yes;
}

/** The stored patch; before the commit, what the reviewer was shown of the change as it stands, or what was kept for a question. */
async function findPatch(runs: RunArchive, key: RunKey): Promise<FoundPatch> {
  const { artifacts, change } = await runs.manifest(key);
  const stored = artifacts.find(({ name }) => name === "change.patch");
  if (stored !== undefined) return { bytes: await readSound(runs, key, stored), note: "" };
  const diff = change === null ? null : await findReviewedDiff(runs, key, change.tree);
  if (diff !== null) return diff;
  const kept = artifacts.findLast(({ name }) => buildOfUnfinishedPatch(name) !== null);
  if (kept !== undefined) {
    const note = `not committed: this is the change of ${buildOfUnfinishedPatch(kept.name)}`;
    return { bytes: await readSound(runs, key, kept), note };
  }
  const why = change === null ? "has changed nothing yet" : "has not stored its change yet";
  throw new OrchestratorError(
    "run_state_refused",
    `run ${key.runId} ${why}, so there is no diff; runs show says where it stands`,
  );
}

async function readSound(
  runs: RunArchive,
  key: RunKey,
  { name, sha256: expected }: RunManifest["artifacts"][number],
): Promise<Uint8Array> {
  const bytes = await runs.readArtifact(key, name);
  if (sha256(bytes) === expected) return bytes;
  throw new OrchestratorError(
    "run_damaged",
    `${name} of run ${key.runId} was changed since it was recorded; see runs verify`,
  );
}

async function findReviewedDiff(runs: RunArchive, key: RunKey, tree: string): Promise<FoundPatch | null> {
  for (const event of (await runs.events(key)).toReversed()) {
    if (event.event !== "step_started" || event.payload.input.role !== "reviewer") continue;
    const { change, diff, diff_left_out } = event.payload.input;
    if (change.tree !== tree) return null;
    const cut = diff_left_out.length === 0 ? "" : `, without ${diff_left_out.length} long file(s)`;
    return { bytes: Buffer.from(diff), note: `not committed yet: this is the change as the reviewer saw it${cut}` };
  }
  return null;
}

/** A unified diff with its lines coloured. */
export function paintDiff(diff: string, paint: Paint): string {
  return diff
    .split("\n")
    .map((line) => {
      if (/^(?:diff |index |--- |\+\+\+ )/.test(line)) return paint.bold(line);
      if (line.startsWith("@@")) return paint.cyan(line);
      if (line.startsWith("+")) return paint.green(line);
      return line.startsWith("-") ? paint.red(line) : line;
    })
    .join("\n");
}
