import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { layFields } from "../text/layout.ts";

/** `adapters list`: the stacks that are known, in the order that decides between equals. */
export async function adaptersListCommand({ io, printer, format }: CommandContext): Promise<number> {
  const { openAdapterBench } = await import("../../compose.ts");
  const adapters = await (await openAdapterBench(io.environment)).list(io.cwd);
  if (format === "json") printer.printJson({ adapters });
  else {
    const fields = adapters.map(({ id, title }) => [printer.paint.bold(id), title] as const);
    printer.print(layFields(fields, 0, printer.width));
  }
  return exitCodes.yes;
}
