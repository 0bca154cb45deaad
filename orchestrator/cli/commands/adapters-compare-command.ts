import { resolve } from "node:path";
import type { CommitComparison } from "../../schema/adapter-bench.ts";
import { OrchestratorError } from "../../schema/errors.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { commitComparisonText } from "../views/commit-comparison.ts";

const answers: Readonly<Record<CommitComparison["verdict"], number>> = {
  no_worse: exitCodes.yes,
  worse: exitCodes.no,
  unclear: exitCodes.unclear,
};

/** `adapters compare`: exit code 1 where a test got worse, 2 where that cannot be told. */
export async function adaptersCompareCommand({ io, args, printer, format, signal }: CommandContext): Promise<number> {
  const base = args.text("base");
  if (base === undefined) throw new OrchestratorError("usage", "name what to compare with, as in --base origin/main");
  const { openAdapterBench } = await import("../../compose.ts");
  const compared = await (await openAdapterBench(io.environment)).compare({
    folder: resolve(io.cwd, args.positionals[0] ?? "."),
    base,
    head: args.text("head") ?? "HEAD",
    signal,
    onStart: (what) => {
      if (!args.isOn("quiet")) printer.note(printer.notePaint.dim(what));
    },
  });
  if (format === "json") printer.printJson(compared);
  else printer.print(commitComparisonText(compared, printer));
  return answers[compared.verdict];
}
