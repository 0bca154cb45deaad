import { dirname, resolve } from "node:path";
import type { EvaluationLog, ReportExtras, ReportWriter } from "../../../evaluation/index.ts";
import { ensureDirectory, writeFileAtomic } from "../../io/files.ts";
import { OrchestratorError } from "../../schema/errors.ts";
import type { CommandContext } from "../command-spec.ts";
import { safeBlock, safeLine } from "../text/safe-text.ts";

type Harness = typeof import("../../../evaluation/index.ts");

/** A report that is wanted: `-` is stdout. */
export interface ReportTarget {
  readonly name: string;
  readonly path: string;
  readonly write: ReportWriter;
}

/** `--report html=report.html,markdown=-`. Throws `usage`. */
export function readReportTargets(
  { args, format }: CommandContext,
  { reportWriter }: Harness,
): readonly ReportTarget[] {
  const targets = args.list("report").map((text) => {
    const [, name = "", path = ""] = /^([a-z]+)=(.+)$/s.exec(text) ?? [];
    if (name === "") throw new OrchestratorError("usage", `--report is followed by name=file, not "${text}"`);
    return { name, path, write: reportWriter(name) };
  });
  const printed = targets.filter(({ path }) => path === "-");
  if (printed.length > 1 || (printed.length === 1 && format === "json"))
    throw new OrchestratorError(
      "usage",
      "stdout holds one answer: name a file for the other reports, or leave --format out",
    );
  const paths = targets.map(({ path }) => path);
  if (new Set(paths).size < paths.length) throw new OrchestratorError("usage", "--report names a file twice");
  return targets;
}

/** Writes every report that is wanted. Throws `disk_failed`. */
export async function writeReports(
  { io, printer }: CommandContext,
  targets: readonly ReportTarget[],
  log: EvaluationLog,
  extras: ReportExtras,
): Promise<void> {
  for (const { name, path, write } of targets) {
    const text = write(log, extras);
    if (path === "-") {
      printer.print(safeBlock(text).trimEnd());
      continue;
    }
    const file = resolve(io.cwd, path);
    await ensureDirectory(dirname(file));
    await writeFileAtomic(file, text, { mode: 0o644 });
    printer.note(safeLine(`${name} report: ${file}`));
  }
}
