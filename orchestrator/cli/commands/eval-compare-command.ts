import { resolve } from "node:path";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { safeBlock } from "../text/safe-text.ts";
import { readCompareOptions, readRegressionRule } from "./eval-options.ts";

/** `eval compare`: with `--fail-on-regression` exit code 1 where the second log is worse than the first. */
export async function evalCompareCommand({ args, io, printer, format }: CommandContext): Promise<number> {
  const { compareLogs, formatComparison, judgeRegression, readEvaluationLog } = await import(
    "../../../evaluation/index.ts"
  );
  const [base = "", head = ""] = args.positionals;
  const options = readCompareOptions(args);
  const [baseline, current] = [
    await readEvaluationLog(resolve(io.cwd, base)),
    await readEvaluationLog(resolve(io.cwd, head)),
  ];
  const comparison = compareLogs(baseline, current, options);
  const verdict = judgeRegression(comparison, readRegressionRule(args));
  if (format === "json") printer.printJson({ ...comparison, regression: verdict });
  else printer.print(safeBlock(formatComparison(comparison, verdict)).trimEnd());
  return verdict.is_regression && args.isOn("fail-on-regression") ? exitCodes.no : exitCodes.yes;
}
