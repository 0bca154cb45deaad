import { isOrchestratorError, messageOf, OrchestratorError } from "../../schema/errors.ts";
import { codeVersion } from "../../schema/version.ts";
import type { CliIo, StopSignal } from "../cli-io.ts";
import type { CommandSpec } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { commandText, helpDocument } from "../help-text.ts";
import { nearestName } from "../nearest-name.ts";
import { parseArguments } from "../parse-arguments.ts";
import { createPrinter } from "../printer.ts";
import { faultDocument, faultText } from "../report-fault.ts";
import { layTable } from "../text/layout.ts";
import { faultAnnotation } from "./github-format.ts";
import { checkCommandSpec, guardProgram, guardVerbs } from "./guard-table.ts";
import { faultJunit } from "./junit-format.ts";
import { faultMarkdown } from "./markdown-format.ts";
import { faultSarif } from "./sarif-format.ts";

/**
 * Runs one command line of the guard and resolves with its exit code: 0 clean, 1 findings, 2 could not tell, and the
 * code of the signal that stopped it. Never rejects; whatever is thrown is never a pass.
 */
export async function guardMain(argv: readonly string[], io: CliIo): Promise<number> {
  const controller = new AbortController();
  let stoppedBy: StopSignal | null = null;
  const end = io.onSignal((signal) => {
    stoppedBy ??= signal;
    controller.abort(new OrchestratorError("aborted", "the guard was stopped"));
  });
  try {
    const exitCode = await dispatch(argv, io, controller.signal);
    return stoppedBy === null ? exitCode : exitCodes[stoppedBy];
  } catch (error) {
    return tellFault(error, argv, io, stoppedBy);
  } finally {
    end();
  }
}

function tellFault(error: unknown, argv: readonly string[], io: CliIo, stoppedBy: StopSignal | null): number {
  const printer = createPrinter(io);
  const exitCode = stoppedBy === null ? exitCodes.unclear : exitCodes[stoppedBy];
  printer.note(faultText(error, stoppedBy, guardProgram));
  if (asks(argv, "json")) printer.printJson(faultDocument(error, exitCode));
  if (asks(argv, "sarif")) printer.printJson(faultSarif(messageOf(error), exitCode));
  if (asks(argv, "github")) printer.print(faultAnnotation(messageOf(error)));
  if (asks(argv, "junit")) printer.print(faultJunit(messageOf(error)));
  if (asks(argv, "markdown")) printer.print(faultMarkdown(messageOf(error)));
  const isUsage = isOrchestratorError(error, "usage");
  if (stoppedBy !== null || isUsage || !argv.includes("--dry-run")) return exitCode;
  printer.note(`${guardProgram}: dry run: without --dry-run the exit code would be ${exitCode}`);
  return exitCodes.yes;
}

async function dispatch(argv: readonly string[], io: CliIo, signal: AbortSignal): Promise<number> {
  const [first = ""] = argv;
  const printer = createPrinter(io);
  if (first === "--version" || first === "-V") {
    printer.print(codeVersion);
    return exitCodes.yes;
  }
  const { command, rest } = findVerb(argv);
  if (rest.includes("--help") || rest.includes("-h")) return showHelp(command, argv, io);
  const args = parseArguments(command, rest);
  const handler = await command.load();
  const format = args.text("format") === "json" ? "json" : "text";
  return handler({ io, args, format, printer, signal, stoppedBy: () => null });
}

function findVerb(argv: readonly string[]): { command: CommandSpec; rest: readonly string[] } {
  const [first = ""] = argv;
  if (first === "help") return findVerb([...argv.slice(1), "--help"]);
  if (first === "" || first.startsWith("-")) return { command: checkCommandSpec, rest: argv };
  const command = guardVerbs.find(({ name }) => name === first);
  if (command !== undefined) return { command, rest: argv.slice(1) };
  const names = guardVerbs.map(({ name }) => name);
  const nearest = nearestName(first, names);
  const hint = nearest === null ? `there are ${names.join(", ")}` : `did you mean ${guardProgram} ${nearest}?`;
  throw new OrchestratorError("usage", `there is no command ${first}; ${hint}`);
}

function showHelp(command: CommandSpec, argv: readonly string[], io: CliIo): number {
  const printer = createPrinter(io);
  const isWhole = command === checkCommandSpec;
  if (asks(argv, "json")) printer.printJson(helpDocument(isWhole ? [command, ...guardVerbs] : [command]));
  else {
    const verbs = layTable(
      guardVerbs.map(({ name, summary }) => [name, summary]),
      2,
    );
    const more = isWhole ? `\n\n${printer.paint.bold("Verbs")}\n${verbs}` : "";
    printer.print(`${commandText(command, printer.paint, printer.width)}${more}`);
  }
  return exitCodes.yes;
}

function asks(argv: readonly string[], format: string): boolean {
  return argv.some(
    (word, index) => word === `--format=${format}` || (word === format && argv[index - 1] === "--format"),
  );
}
