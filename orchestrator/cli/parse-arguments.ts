import { parseArgs } from "node:util";
import { OrchestratorError } from "../schema/errors.ts";
import { type CommandSpec, type FlagSpec, invocationOf, type ParsedArguments } from "./command-spec.ts";
import { nearestName } from "./nearest-name.ts";
import { splitList } from "./split-list.ts";

/** Reads the arguments after the command's name. Throws `usage`, saying what is wrong and what would be right. */
export function parseArguments(command: CommandSpec, argv: readonly string[]): ParsedArguments {
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(command.flags.map((flag) => [flag.name, parserOption(flag)])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const flag = findFlag(command, token.name, token.rawName);
    const value = checkedValue(command, flag, token.value, token.inlineValue ?? false);
    const before = values.get(flag.name) ?? [];
    if (before.length > 0 && flag.kind !== "list" && flag.kind !== "texts")
      throw fault(command, `--${flag.name} is given twice`);
    values.set(flag.name, [...before, value]);
  }
  checkPositionals(command, positionals);
  return readerOf(command, positionals, values);
}

/** A `usage` fault that says where to look. */
function fault(command: CommandSpec, message: string): OrchestratorError {
  return new OrchestratorError(
    "usage",
    `${message}${message.endsWith("?") ? "" : "."} See: ${invocationOf(command)} --help`,
  );
}

function parserOption(flag: FlagSpec): { type: "boolean" | "string"; multiple: true; short?: string } {
  if (flag.kind !== "switch") return { type: "string", multiple: true };
  return { type: "boolean", multiple: true, ...(flag.short === undefined ? {} : { short: flag.short }) };
}

function findFlag(command: CommandSpec, name: string, rawName: string): FlagSpec {
  const flag = command.flags.find((each) => each.name === name);
  if (flag !== undefined) return flag;
  const names = command.flags.map((each) => each.name);
  const nearest = nearestName(name, names);
  throw fault(command, `there is no option ${rawName}${nearest === null ? "" : `; did you mean --${nearest}?`}`);
}

function checkedValue(command: CommandSpec, flag: FlagSpec, value: string | undefined, isInline: boolean): string {
  if (flag.kind === "switch") {
    if (value === undefined) return "";
    throw fault(command, `--${flag.name} takes no value`);
  }
  if (value === undefined || value.trim() === "") throw fault(command, `${usageOf(flag)} needs a value`);
  if (!isInline && value.length > 1 && value.startsWith("-")) {
    throw fault(command, `--${flag.name} is followed by ${value}; if that is its value, write --${flag.name}=${value}`);
  }
  if (flag.kind === "choice" && !flag.choices.includes(value)) {
    throw fault(command, `--${flag.name} is one of ${flag.choices.join(", ")}, not "${value}"`);
  }
  if (flag.kind === "count" && !/^[1-9]\d{0,8}$/.test(value)) {
    throw fault(command, `--${flag.name} is a whole number from 1, not "${value}"`);
  }
  return value;
}

/** A flag with its placeholder: `--model <model>`. */
export function usageOf(flag: FlagSpec): string {
  if (flag.kind === "switch") return `--${flag.name}`;
  return `--${flag.name} <${flag.kind === "choice" ? flag.choices.join("|") : flag.placeholder}>`;
}

function checkPositionals(command: CommandSpec, positionals: readonly string[]): void {
  const missing = command.positionals[positionals.length];
  if (missing?.required) throw fault(command, `${command.name} needs <${missing.name}>: ${missing.help}`);
  const blank = positionals.findIndex((value) => value.trim() === "");
  if (blank !== -1)
    throw fault(command, `<${(command.positionals[blank] ?? command.positionals.at(-1))?.name}> is empty`);
  const extra = positionals[command.positionals.length];
  if (extra === undefined || command.positionals.some(({ repeats }) => repeats)) return;
  const last = command.positionals.at(-1);
  const hint = last === undefined ? "it takes no arguments" : `put the whole <${last.name}> in quotes`;
  throw fault(command, `"${extra}" is one argument too many for ${invocationOf(command)}; ${hint}`);
}

function readerOf(
  command: CommandSpec,
  positionals: readonly string[],
  values: ReadonlyMap<string, readonly string[]>,
): ParsedArguments {
  const known = (name: string): FlagSpec => {
    const flag = command.flags.find((each) => each.name === name);
    if (flag === undefined) throw new TypeError(`${command.name} has no flag ${name}`);
    return flag;
  };
  const text = (name: string): string | undefined => {
    const flag = known(name);
    return values.get(name)?.[0] ?? (flag.kind === "switch" ? undefined : flag.fallback);
  };
  return {
    positionals,
    text,
    isOn: (name) => values.has(known(name).name),
    count: (name) => {
      const value = text(name);
      return value === undefined ? undefined : Number(value);
    },
    list: (name) => {
      const { kind } = known(name);
      return (values.get(name) ?? []).flatMap((value) => (kind === "texts" ? value : splitList(value)));
    },
  };
}
