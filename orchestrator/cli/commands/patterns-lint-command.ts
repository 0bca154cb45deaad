import { resolve } from "node:path";
import type { LinterChoice, LintReport, LintRequest } from "../../schema/pattern-workbench.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { showCount } from "../progress/show-count.ts";
import { lintReportText } from "../views/lint-report.ts";
import { lintAnnotations, lintSarif } from "../views/lint-sarif.ts";

const answers: Readonly<Record<LintReport["outcome"], number>> = {
  clean: exitCodes.yes,
  found: exitCodes.no,
  unclear: exitCodes.unclear,
};
const linters: Readonly<Record<string, LinterChoice>> = { oxlint: "oxlint", eslint: "eslint" };

/** `patterns lint`: exit code 1 where a rule found something. */
export async function patternsLintCommand(context: CommandContext): Promise<number> {
  const { openPatternWorkbench } = await import("../../compose.ts");
  const workbench = await openPatternWorkbench(context.io.environment);
  const progress = showCount(context.io, context.args.isOn("quiet"));
  try {
    const report = await workbench.lint({ ...requestOf(context), onProgress: progress.show });
    progress.end();
    print(context, report);
    return answers[report.outcome];
  } finally {
    progress.end();
  }
}

function requestOf({ args, io, signal }: CommandContext): LintRequest {
  return {
    rules: args.list("rule"),
    folder: resolve(io.cwd, args.positionals[0] ?? "."),
    linter: linters[args.text("linter") ?? ""] ?? "auto",
    timeoutMs: (args.count("timeout") ?? 0) * 1000,
    signal,
  };
}

function print({ args, printer, format }: CommandContext, report: LintReport): void {
  const wanted = args.text("format");
  if (format === "json") printer.printJson(report);
  else if (wanted === "sarif") printer.printJson(lintSarif(report));
  else if (wanted === "github") printer.print(lintAnnotations(report));
  else printer.print(lintReportText(report, printer.paint));
}
