import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { countOf } from "../text/quantities.ts";
import { repositoryFolder } from "./open-repository.ts";

/** `patterns pin`: prints what to write into the configuration. Nothing of the library is run, and nothing written. */
export async function patternsPinCommand(context: CommandContext): Promise<number> {
  const { args, printer, format } = context;
  const { hashPatternLibrary } = await import("../../compose.ts");
  const [library = ""] = args.positionals;
  const hash = await hashPatternLibrary({ folder: repositoryFolder(context), library, name: args.text("name") });
  if (format === "json") {
    printer.printJson(hash);
    return exitCodes.yes;
  }
  const { name, from, sha256, files, pinned_sha256 } = hash;
  printer.print(`pattern_libraries:\n  - name: ${name}\n    from: ${JSON.stringify(from)}\n    sha256: ${sha256}`);
  printer.note(`${countOf(files, "file")}; ${standingOf(sha256, pinned_sha256)}`);
  return exitCodes.yes;
}

function standingOf(now: string, pinned: string | null): string {
  if (now === pinned) return "the last commit pins this hash";
  const before = pinned === null ? "the last commit pins no library of this name" : `the last commit pins ${pinned}`;
  return `${before}: read the library's code, put these lines into orchestrator.config.yaml, and commit it`;
}
