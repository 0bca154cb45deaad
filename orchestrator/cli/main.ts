import { OrchestratorError } from "../schema/errors.ts";
import { codeVersion } from "../schema/version.ts";
import type { CliIo, StopSignal } from "./cli-io.ts";
import { type CommandSpec, programName } from "./command-spec.ts";
import { commandTable } from "./command-table.ts";
import { exitCodeOfFault, exitCodes } from "./exit-code.ts";
import { findCommand } from "./find-command.ts";
import { commandText, helpDocument, overviewText } from "./help-text.ts";
import { parseArguments } from "./parse-arguments.ts";
import { createPrinter } from "./printer.ts";
import { faultDocument, faultText, printableFault } from "./report-fault.ts";

/** Runs one command line and resolves with its exit code. Never rejects: a fault is told on stderr, and as a document where JSON was asked for. */
export async function main(argv: readonly string[], io: CliIo, table = commandTable): Promise<number> {
  const stop = listenForStop(io);
  try {
    return await dispatch(argv, io, stop, table);
  } catch (error) {
    const exitCode = exitCodeOfFault(error, stop.by());
    const printer = createPrinter(io);
    const fault = await printableFault(error, io.environment);
    printer.note(faultText(fault, stop.by()));
    if (wantsJson(argv)) printer.printJson(faultDocument(fault, exitCode));
    return exitCode;
  } finally {
    stop.end();
  }
}

interface Stop {
  readonly signal: AbortSignal;
  by(): StopSignal | null;
  end(): void;
}

function listenForStop(io: CliIo): Stop {
  const controller = new AbortController();
  let first: StopSignal | null = null;
  const end = io.onSignal((signal) => {
    first ??= signal;
    controller.abort(new OrchestratorError("aborted", "a run under way can be resumed"));
  });
  return { signal: controller.signal, by: () => first, end };
}

async function dispatch(
  argv: readonly string[],
  io: CliIo,
  stop: Stop,
  table: readonly CommandSpec[],
): Promise<number> {
  const [first] = argv;
  if (first === "--version" || first === "-V") return showVersion(argv, io);
  if (first === "--help" || first === "-h") return showHelp(table, argv, io);
  if (first === undefined) throw new OrchestratorError("usage", `name a command; see ${programName} --help`);
  if (first === "help") return showHelpOf(table, argv.slice(1), argv, io);
  const found = findCommand(table, argv);
  if (asksForHelp(found.rest)) return showHelp(found.kind === "group" ? found.commands : [found.command], argv, io);
  if (found.kind === "group") {
    const names = found.commands.map(({ name }) => name).join(", ");
    throw new OrchestratorError("usage", `${found.group} alone says too little; there are ${names}`);
  }
  return runCommand(found.command, found.rest, io, stop);
}

async function runCommand(command: CommandSpec, rest: readonly string[], io: CliIo, stop: Stop): Promise<number> {
  const args = parseArguments(command, rest);
  const handler = await command.load();
  return handler({
    io,
    args,
    format: args.text("format") === "json" ? "json" : "text",
    printer: createPrinter(io),
    signal: stop.signal,
    stoppedBy: stop.by,
  });
}

function showHelpOf(
  table: readonly CommandSpec[],
  words: readonly string[],
  argv: readonly string[],
  io: CliIo,
): number {
  const named = words.filter((word) => !word.startsWith("-") && word !== "json" && word !== "text");
  if (named.length === 0) return showHelp(table, argv, io);
  const found = findCommand(table, named);
  return showHelp(found.kind === "group" ? found.commands : [found.command], argv, io);
}

function showHelp(commands: readonly CommandSpec[], argv: readonly string[], io: CliIo): number {
  const printer = createPrinter(io);
  const [only] = commands;
  if (wantsJson(argv)) printer.printJson(helpDocument(commands));
  else if (only !== undefined && commands.length === 1) printer.print(commandText(only, printer.paint, printer.width));
  else printer.print(overviewText(commands, printer.paint, printer.width));
  return exitCodes.yes;
}

function showVersion(argv: readonly string[], io: CliIo): number {
  const printer = createPrinter(io);
  if (wantsJson(argv)) printer.printJson({ program: programName, version: codeVersion, node: io.nodeVersion });
  else printer.print(codeVersion);
  return exitCodes.yes;
}

function asksForHelp(rest: readonly string[]): boolean {
  const end = rest.indexOf("--");
  return rest.slice(0, end === -1 ? rest.length : end).some((word) => word === "--help" || word === "-h");
}

/** Looked up before the arguments are parsed, so that bad ones are told in the wanted form as well. */
function wantsJson(argv: readonly string[]): boolean {
  return argv.some((word, index) => word === "--format=json" || (word === "json" && argv[index - 1] === "--format"));
}
