import type { RunAdoption } from "../../runs/run-adoption.ts";
import type { PatternSummary } from "../../schema/handoff.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { type Field, layFields } from "../text/layout.ts";
import type { Paint } from "../text/paint.ts";
import { safeLine } from "../text/safe-text.ts";
import { adoptionOf, adoptionText } from "../views/pattern-adoption.ts";

/** `patterns list`: what can be used here. Exit code 1 where a library that is pinned is not loaded. */
export async function patternsListCommand({ io, printer, format }: CommandContext): Promise<number> {
  const { openPatternWorkbench, openTemplates, readAdoption } = await import("../../compose.ts");
  const workbench = await openPatternWorkbench(io.environment);
  const templates = await openTemplates(io.cwd, io.environment);
  const [listed, adoption] = await Promise.all([workbench.list(io.cwd), readAdoption(io.cwd)]);
  const { libraries } = listed;
  const patterns = [...listed.patterns, ...(await templates.list())];
  if (format === "json") {
    const withAdoption = patterns.map((pattern) => ({ ...pattern, adoption: adoptionOf(adoption, pattern.id) }));
    const runs = { looked_at: adoption?.runs ?? 0, more: adoption?.more ?? false };
    printer.printJson({ patterns: withAdoption, libraries, runs });
  } else {
    const { paint, width } = printer;
    const fields = patterns.map((pattern) => fieldOf(pattern, adoption, paint));
    printer.print(layFields(fields, 0, width));
  }
  const problems = libraries.flatMap(({ problem }) => problem ?? []);
  for (const problem of problems) printer.note(safeLine(problem));
  return problems.length === 0 ? exitCodes.yes : exitCodes.no;
}

function fieldOf(
  { id, kind, version, title, description }: PatternSummary,
  adoption: RunAdoption | null,
  paint: Paint,
): Field {
  const used = adoptionText(adoption, id);
  const what = `${safeLine(title)} ${paint.dim(`(${kind} ${safeLine(version)})`)}\n${safeLine(description)}`;
  return [paint.bold(safeLine(id)), used === "" ? what : `${what}\n${paint.dim(used)}`];
}
