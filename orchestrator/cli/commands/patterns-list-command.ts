import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { layFields } from "../text/layout.ts";
import { safeLine } from "../text/safe-text.ts";

/** `patterns list`: what the library holds. */
export async function patternsListCommand({ printer, format }: CommandContext): Promise<number> {
  const { openPatternWorkbench, openTemplates } = await import("../../compose.ts");
  const patterns = [...(await openPatternWorkbench()).list(), ...(await (await openTemplates()).list())];
  if (format === "json") {
    printer.printJson({ patterns });
    return exitCodes.yes;
  }
  const { paint, width } = printer;
  printer.print(
    layFields(
      patterns.map(({ id, kind, version, title, description }) => [
        paint.bold(safeLine(id)),
        `${safeLine(title)} ${paint.dim(`(${kind} ${safeLine(version)})`)}\n${safeLine(description)}`,
      ]),
      0,
      width,
    ),
  );
  return exitCodes.yes;
}
