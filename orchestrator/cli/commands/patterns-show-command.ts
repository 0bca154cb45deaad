import type { PatternDetails } from "../../schema/pattern-workbench.ts";
import { isTemplateId } from "../../schema/template-port.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { layFields } from "../text/layout.ts";
import type { Paint } from "../text/paint.ts";
import { safeBlock, safeLine } from "../text/safe-text.ts";
import { adoptionOf, adoptionText } from "../views/pattern-adoption.ts";
import { patchText } from "../views/pattern-report.ts";

/** `patterns show`: one pattern with its settings and an example. */
export async function patternsShowCommand(context: CommandContext): Promise<number> {
  const { args, io, printer, format } = context;
  const [id = ""] = args.positionals;
  if (isTemplateId(id)) return showTemplate(context, id);
  const { openPatternWorkbench, readAdoption } = await import("../../compose.ts");
  const workbench = await openPatternWorkbench(io.environment);
  const [details, adoption] = await Promise.all([workbench.show(id, io.cwd), readAdoption(io.cwd)]);
  if (format === "json") {
    printer.printJson({ ...details, adoption: adoptionOf(adoption, details.id) });
    return exitCodes.yes;
  }
  const { paint, width } = printer;
  const { description, languages, usage, example, keywords, sha256, library, options = [] } = details;
  printer.print(headOf(details, paint));
  printer.print(
    layFields(
      [
        ["what", safeLine(description)],
        ["reads", languages.join(", ")],
        ["sha256", library === null ? sha256 : `${sha256} (of the library ${safeLine(library)})`],
        ["usage", usage],
        ...settingRows(details),
        ...options.map(
          ({ name, fallback, help }) => [name, `${help} (default: ${fallback.join(", ") || "none"})`] as const,
        ),
        ["runs", adoptionText(adoption, id)],
        ...(keywords.length === 0
          ? []
          : [["goals", keywords.map((keyword) => `"${safeLine(keyword)}"`).join(", ")] as const]),
      ],
      2,
      width,
    ),
  );
  if (example !== null) printer.print(`\n${patchText(example.diff, paint).trimEnd()}`);
  return exitCodes.yes;
}

async function showTemplate({ io, printer, format }: CommandContext, id: string): Promise<number> {
  const { openTemplates } = await import("../../compose.ts");
  const details = await (await openTemplates(io.cwd, io.environment)).show(id);
  if (format === "json") printer.printJson(details);
  else {
    const { description, when, usage, sample, sha256 } = details;
    const rows = [
      ["what", safeLine(description)],
      ["when", safeLine(when)],
      ["sha256", sha256],
      ["usage", safeLine(usage)],
      ...settingRows(details),
    ] as const;
    printer.print(headOf(details, printer.paint));
    printer.print(layFields(rows, 2, printer.width));
    printer.print(`\n${safeBlock(sample).trimEnd()}`);
  }
  return exitCodes.yes;
}

function headOf({ id, kind, version, title }: PatternDetails, paint: Paint): string {
  return `${paint.bold(safeLine(id))} ${paint.dim(`(${kind} ${safeLine(version)})`)}: ${safeLine(title)}`;
}

function settingRows({ settings }: PatternDetails): readonly (readonly [string, string])[] {
  return settings.map(({ name, required, help }) => [
    `--set ${name}`,
    `${safeLine(help)}${required ? " (required)" : ""}`,
  ]);
}
