import { type CommandSpec, type FlagSpec, invocationOf, type PositionalSpec, programName } from "./command-spec.ts";
import { usageOf } from "./parse-arguments.ts";
import { indentText, layFields, layTable } from "./text/layout.ts";
import type { Paint } from "./text/paint.ts";

const exits = [
  ["0", "done, and the answer is yes"],
  ["1", "done, and the answer is no: a gate refused, something was found, the run is held by another"],
  ["2", "could not tell: bad usage, bad config, broken input"],
  ["3", "blocked: a person must answer"],
  ["4", "a fault stopped it; it can be resumed"],
  ["129, 130, 143", "hung up, interrupted, terminated; the run can be resumed"],
] as const;

/** The help of the whole program, or of one group of commands. */
export function overviewText(commands: readonly CommandSpec[], paint: Paint, width: number): string {
  return [
    `${paint.bold(programName)}: a task goes in, a reviewed and guarded change comes out`,
    "",
    `${paint.bold("Usage")}  ${programName} <command> [options]`,
    "",
    paint.bold("Commands"),
    layFields(
      commands.map((command) => [
        [command.name, ...command.positionals.map(positionalUsage)].join(" "),
        command.summary,
      ]),
      2,
      width,
    ),
    "",
    paint.bold("Options"),
    layTable(
      [
        ["<command> --help", "what a command takes"],
        ["--version", "the version of this program"],
      ],
      2,
    ),
    "",
    paint.bold("Exit codes"),
    layFields(exits, 2, width),
  ].join("\n");
}

/** The help of one command. */
export function commandText(command: CommandSpec, paint: Paint, width: number): string {
  const usage = [invocationOf(command), ...command.positionals.map(positionalUsage), "[options]"].join(" ");
  return [
    `${paint.bold(command.name || invocationOf(command))}: ${command.summary}`,
    ...(command.details ?? []).map((text) => indentText(text, 2, width)),
    "",
    `${paint.bold("Usage")}  ${usage}`,
    ...section(
      "Arguments",
      command.positionals.map(({ name, help }) => [`<${name}>`, help]),
      paint,
      width,
    ),
    ...section(
      "Options",
      command.flags.map((flag) => [flagUsage(flag), flagHelp(flag)]),
      paint,
      width,
    ),
    ...examples(command, paint),
  ].join("\n");
}

/** The help of commands as a document. */
export function helpDocument(commands: readonly CommandSpec[]): unknown {
  return {
    program: programName,
    commands: commands.map(({ name, summary, positionals, flags }) => ({
      name,
      summary,
      arguments: positionals,
      options: flags,
    })),
    exit_codes: Object.fromEntries(exits),
  };
}

function section(
  title: string,
  fields: readonly (readonly [string, string])[],
  paint: Paint,
  width: number,
): readonly string[] {
  return fields.length === 0 ? [] : ["", paint.bold(title), layFields(fields, 2, width)];
}

function examples({ program = programName, examples: lines = [] }: CommandSpec, paint: Paint): readonly string[] {
  return lines.length === 0 ? [] : ["", paint.bold("Examples"), ...lines.map((line) => `  ${program} ${line}`)];
}

function positionalUsage({ name, required }: PositionalSpec): string {
  return required ? `<${name}>` : `[${name}]`;
}

function flagUsage(flag: FlagSpec): string {
  return flag.kind === "switch" && flag.short !== undefined ? `-${flag.short}, ${usageOf(flag)}` : usageOf(flag);
}

function flagHelp(flag: FlagSpec): string {
  const fallback = flag.kind === "switch" ? undefined : flag.fallback;
  return fallback === undefined ? flag.help : `${flag.help} (default ${fallback})`;
}
