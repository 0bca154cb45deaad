import { resolve } from "node:path";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { detectedText } from "../views/detected-projects.ts";

/** `adapters detect`: exit code 1 where no adapter knows a project in the folder. */
export async function adaptersDetectCommand({ io, args, printer, format }: CommandContext): Promise<number> {
  const { openAdapterBench } = await import("../../compose.ts");
  const folder = resolve(io.cwd, args.positionals[0] ?? ".");
  const projects = await (await openAdapterBench(io.environment)).detect(folder);
  if (format === "json") printer.printJson({ folder, projects });
  else printer.print(detectedText(folder, projects, printer));
  return projects.length === 0 ? exitCodes.no : exitCodes.yes;
}
