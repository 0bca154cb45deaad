import { join, resolve } from "node:path";
import { loadVerifier } from "../../io/signing-key.ts";
import { type RunVerification, verifyRun } from "../../runs/verify-run.ts";
import type { RunKey } from "../../schema/run-store.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { indentText } from "../text/layout.ts";
import { countOf } from "../text/quantities.ts";
import { safeLine } from "../text/safe-text.ts";
import { openRecord } from "./open-repository.ts";

/** `runs verify`: recomputes all that a run's folder claims. The folder may be a copy, anywhere. */
export async function runsVerifyCommand(context: CommandContext): Promise<number> {
  const { printer, format } = context;
  const { runsRoot, key: named } = await openRecord(context);
  const folder = join(runsRoot, named.taskId, named.runId);
  const key = context.args.text("key");
  const verifier = key === undefined ? {} : { verifier: await loadVerifier(resolve(context.io.cwd, key)) };
  const verification = await verifyRun(folder, verifier);
  const found = { ...verification, notes: [...verification.notes, ...nameNote(named, verification.run)] };
  const exitCode = found.ok ? exitCodes.yes : found.run === null ? exitCodes.unclear : exitCodes.no;
  if (format === "json") printer.printJson({ folder, ...found });
  else printer.print(verificationText(context, folder, found));
  return exitCode;
}

/** A record under another name is whole, but it is not the run that its folder claims. */
function nameNote({ taskId, runId }: RunKey, run: RunVerification["run"]): readonly string[] {
  if (run === null || (run.task_id === taskId && run.run_id === runId)) return [];
  return [`the folder is named ${taskId}/${runId}, the record is that of ${run.task_id}/${run.run_id}`];
}

function verificationText({ printer }: CommandContext, folder: string, found: RunVerification): string {
  const { paint, width } = printer;
  const { checked, events, epochs } = found;
  const verdict = found.ok ? paint.green("✓ verified") : paint.red(`✗ ${countOf(found.problems.length, "problem")}`);
  const looked = [
    `${countOf(events, "sound event")} in ${countOf(epochs, "segment")}`,
    countOf(checked.blobs, "blob"),
    countOf(checked.artifacts, "artifact"),
    `manifest ${checked.manifest ? "compared with the log" : "not compared"}`,
    ...(checked.signature ? ["signature good"] : []),
  ];
  const problems = found.problems.map(({ where, line, message }) => {
    const place = `${safeLine(where)}${line === undefined ? "" : `:${line}`}`;
    return indentText(`${place}: ${safeLine(message)}`, 2, width);
  });
  const notes = found.notes.map((note) => indentText(`note: ${safeLine(note)}`, 2, width));
  const name = found.run === null ? safeLine(folder) : safeLine(`${found.run.task_id}/${found.run.run_id}`);
  return [`${verdict}  ${name}`, indentText(`looked at ${looked.join(", ")}`, 2, width), ...problems, ...notes].join(
    "\n",
  );
}
