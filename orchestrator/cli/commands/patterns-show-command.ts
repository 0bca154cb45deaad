import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { layFields } from "../text/layout.ts";
import { safeLine } from "../text/safe-text.ts";
import { adoptionOf, adoptionText } from "../views/pattern-adoption.ts";
import { patchText } from "../views/pattern-report.ts";

/** `patterns show`: one pattern with its settings and an example. */
export async function patternsShowCommand({ args, io, printer, format }: CommandContext): Promise<number> {
  const { openPatternWorkbench, readAdoption } = await import("../../compose.ts");
  const workbench = await openPatternWorkbench(io.environment);
  const [details, adoption] = await Promise.all([
    workbench.show(args.positionals[0] ?? "", io.cwd),
    readAdoption(io.cwd),
  ]);
  if (format === "json") {
    printer.printJson({ ...details, adoption: adoptionOf(adoption, details.id) });
    return exitCodes.yes;
  }
  const { paint, width } = printer;
  const { id, kind, version, title, description, languages, settings, usage, example, keywords, sha256, library } =
    details;
  printer.print(`${paint.bold(safeLine(id))} ${paint.dim(`(${kind} ${safeLine(version)})`)}: ${safeLine(title)}`);
  printer.print(
    layFields(
      [
        ["what", safeLine(description)],
        ["reads", languages.join(", ")],
        ["sha256", library === null ? sha256 : `${sha256} (of the library ${safeLine(library)})`],
        ["usage", usage],
        ...settings.map(
          ({ name, required, help }) => [`--set ${name}`, `${help}${required ? " (required)" : ""}`] as const,
        ),
        ["runs", adoptionText(adoption, id)],
        ["goals", keywords.map((keyword) => `"${safeLine(keyword)}"`).join(", ")],
      ],
      2,
      width,
    ),
  );
  if (example !== null) printer.print(`\n${patchText(example.diff, paint).trimEnd()}`);
  return exitCodes.yes;
}
