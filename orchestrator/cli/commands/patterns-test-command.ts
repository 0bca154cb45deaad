import { resolve } from "node:path";
import type { FixtureResult } from "../../schema/pattern-workbench.ts";
import { isTemplateId } from "../../schema/template-port.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { countOf, formatCount } from "../text/quantities.ts";
import { safeLine } from "../text/safe-text.ts";

/** `patterns test`: exit code 1 where a fixture fails, or cannot. */
export async function patternsTestCommand(context: CommandContext): Promise<number> {
  const { args, printer, format } = context;
  const results = await runTests(context, args.positionals[0] ?? null);
  const failed = results.filter(({ problems }) => problems.length > 0);
  const isGood = results.length > 0 && failed.length === 0;
  if (format === "json") printer.printJson({ passed: isGood, fixtures: results });
  else {
    for (const line of failed.flatMap(linesOf)) printer.print(line);
    const mutants = results.reduce((sum, { noticed }) => sum + noticed, 0);
    const verdict = isGood
      ? "passed"
      : results.length === 0
        ? "there are no fixtures"
        : `${formatCount(failed.length)} failed`;
    printer.print(
      `${printer.paint.bold(verdict)}: ${countOf(results.length, "fixture")}, which noticed ${countOf(mutants, "mutant")}`,
    );
  }
  return isGood ? exitCodes.yes : exitCodes.no;
}

/** Of one pattern, one template or one candidate; else of all but candidates. */
async function runTests({ io }: CommandContext, id: string | null): Promise<readonly FixtureResult[]> {
  const { openCandidateBench, openPatternWorkbench, openTemplates } = await import("../../compose.ts");
  if (id !== null && isTemplateId(id)) return (await openTemplates(io.cwd, io.environment)).test(id);
  if (id?.includes("/")) {
    const folder = resolve(io.cwd, id);
    const bench = await openCandidateBench(io.cwd, io.environment);
    if (await bench.holds(folder)) return bench.test(folder);
  }
  const results = await (await openPatternWorkbench(io.environment)).test(id, io.cwd);
  return id === null ? [...results, ...(await (await openTemplates(io.cwd, io.environment)).test(null))] : results;
}

function linesOf({ pattern, fixture, problems }: FixtureResult): readonly string[] {
  return problems.map((problem) => `${safeLine(pattern)}/${safeLine(fixture)}: ${safeLine(problem)}`);
}
