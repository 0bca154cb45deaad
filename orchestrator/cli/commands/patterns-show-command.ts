import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { layFields } from "../text/layout.ts";
import { safeLine } from "../text/safe-text.ts";
import { patchText } from "../views/pattern-report.ts";

/** `patterns show`: one pattern with its settings and an example. */
export async function patternsShowCommand({ args, printer, format }: CommandContext): Promise<number> {
  const { openPatternWorkbench } = await import("../../compose.ts");
  const details = await (await openPatternWorkbench()).show(args.positionals[0] ?? "");
  if (format === "json") {
    printer.printJson(details);
    return exitCodes.yes;
  }
  const { paint, width } = printer;
  const {
    id,
    kind,
    version,
    title,
    description,
    languages,
    settings,
    usage,
    example,
    keywords,
    options = [],
  } = details;
  printer.print(`${paint.bold(safeLine(id))} ${paint.dim(`(${kind} ${safeLine(version)})`)}: ${safeLine(title)}`);
  printer.print(
    layFields(
      [
        ["what", safeLine(description)],
        ["reads", languages.join(", ")],
        ["usage", usage],
        ...settings.map(
          ({ name, required, help }) => [`--set ${name}`, `${help}${required ? " (required)" : ""}`] as const,
        ),
        ...options.map(
          ({ name, fallback, help }) => [name, `${help} (default: ${fallback.join(", ") || "none"})`] as const,
        ),
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
