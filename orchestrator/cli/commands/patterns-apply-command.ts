import { resolve } from "node:path";
import { OrchestratorError } from "../../schema/errors.ts";
import type { ApplyOutcome, ApplyRequest } from "../../schema/pattern-workbench.ts";
import { isTemplateId } from "../../schema/template-port.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { showCount } from "../progress/show-count.ts";
import { patchText, patternReportText } from "../views/pattern-report.ts";
import { patternSarif } from "../views/pattern-sarif.ts";
import { readKeyValues } from "./read-key-values.ts";
import { patternCheck } from "./run-pattern-check.ts";

const answers: Readonly<Record<ApplyOutcome, number>> = {
  previewed: exitCodes.yes,
  unchanged: exitCodes.yes,
  applied: exitCodes.yes,
  refused: exitCodes.no,
  rolled_back: exitCodes.no,
};

/** `patterns apply`: changes the files of a folder, or prints the change. */
export async function patternsApplyCommand(context: CommandContext): Promise<number> {
  if (isTemplateId(context.args.positionals[0] ?? ""))
    return (await import("./patterns-fill-command.ts")).patternsFillCommand(context);
  assertFolder(context);
  const { openPatternWorkbench } = await import("../../compose.ts");
  const workbench = await openPatternWorkbench(context.io.environment);
  const progress = showCount(context.io, context.args.isOn("quiet"));
  try {
    const application = await workbench.apply({ ...requestOf(context), onProgress: progress.show });
    progress.end();
    print(context, application);
    return answers[application.report.outcome];
  } finally {
    progress.end();
  }
}

function assertFolder({ args }: CommandContext): void {
  if (args.positionals.length < 2)
    throw new OrchestratorError(
      "usage",
      "patterns apply needs <dir>: a folder with sources. See: codex-orchestrator patterns apply --help",
    );
  if (args.text("to") !== undefined)
    throw new OrchestratorError("usage", "--to goes with a template; a codemod changes the files of <dir>");
}

function requestOf({ args, io, signal }: CommandContext): ApplyRequest {
  const line = args.text("check");
  const timeoutMs = (args.count("check-timeout") ?? 0) * 1000;
  return {
    patterns: args.positionals.slice(0, -1),
    folder: resolve(io.cwd, args.positionals.at(-1) ?? "."),
    dryRun: args.isOn("dry-run"),
    settings: readKeyValues(args.list("set")),
    ...(line === undefined ? {} : { check: patternCheck(line, timeoutMs, io) }),
    signal,
  };
}

type Printed = Awaited<
  ReturnType<Awaited<ReturnType<typeof import("../../compose.ts")["openPatternWorkbench"]>>["apply"]>
>;

function print({ args, io, printer, format }: CommandContext, { report, patch }: Printed): void {
  const wanted = args.text("format");
  const isDiff = wanted === "patch" || (wanted === "text" && report.outcome === "previewed");
  if (format === "json") printer.printJson(report);
  else if (wanted === "sarif") printer.printJson(patternSarif(report));
  else if (isDiff) io.stdout.write(io.stdout.isTerminal ? patchText(patch(), printer.paint) : patch());
  else printer.print(patternReportText(report, printer.paint, printer.width));
  if (isDiff) printer.note(patternReportText(report, printer.notePaint, printer.width));
}
