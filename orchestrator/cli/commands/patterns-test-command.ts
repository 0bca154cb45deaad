import { resolve } from "node:path";
import type { FixtureResult } from "../../schema/pattern-workbench.ts";
import { isTemplateId } from "../../schema/template-port.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { summariseFixtures } from "../views/fixture-results.ts";

/** `patterns test`: exit code 1 where a fixture fails, or cannot. */
export async function patternsTestCommand(context: CommandContext): Promise<number> {
  const { args, printer, format } = context;
  const results = await runTests(context, args.positionals[0] ?? null);
  const { passed, lines, verdict, counts } = summariseFixtures(results);
  if (format === "json") printer.printJson({ passed, fixtures: results });
  else {
    for (const line of lines) printer.print(line);
    printer.print(`${printer.paint.bold(verdict)}: ${counts}`);
  }
  return passed ? exitCodes.yes : exitCodes.no;
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
