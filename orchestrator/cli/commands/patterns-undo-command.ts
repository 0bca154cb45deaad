import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { countOf } from "../text/quantities.ts";
import { safeLine } from "../text/safe-text.ts";
import { repositoryFolder } from "./open-repository.ts";

/** `patterns undo`: puts the files of an application back. */
export async function patternsUndoCommand(context: CommandContext): Promise<number> {
  const { args, printer, format } = context;
  const { openPatternWorkbench } = await import("../../compose.ts");
  const workbench = await openPatternWorkbench(context.io.environment);
  const report = await workbench.undo(args.positionals[0] ?? "", repositoryFolder(context));
  const { outcome, journal, restored, conflicts } = report;
  if (format === "json") printer.printJson(report);
  else if (outcome === "undone") printer.print(`undone: ${countOf(restored.length, "file")} put back (${journal})`);
  else if (outcome === "already_undone") printer.print(`${journal} is undone already`);
  else {
    printer.print(`nothing was undone: edited since ${journal} was applied`);
    for (const path of conflicts) printer.print(`  ${safeLine(path)}`);
  }
  return outcome === "refused" ? exitCodes.no : exitCodes.yes;
}
