import { OrchestratorError } from "../schema/errors.ts";
import { type CommandSpec, programName } from "./command-spec.ts";
import { nearestName } from "./nearest-name.ts";

/** What the first words of the command line name. */
export type FoundCommand =
  | { readonly kind: "command"; readonly command: CommandSpec; readonly rest: readonly string[] }
  | {
      readonly kind: "group";
      readonly group: string;
      readonly commands: readonly CommandSpec[];
      readonly rest: readonly string[];
    };

/** Finds the command, or the group where its second word is left out. Throws `usage` with the nearest name. */
export function findCommand(table: readonly CommandSpec[], argv: readonly string[]): FoundCommand {
  const [first = "", second = "", ...others] = argv;
  const single = table.find(({ name }) => name === first);
  if (single !== undefined) return { kind: "command", command: single, rest: argv.slice(1) };
  const commands = table.filter(({ name }) => name.startsWith(`${first} `));
  if (commands.length === 0) throw unknown(first, table);
  const command = commands.find(({ name }) => name === `${first} ${second}`);
  if (command !== undefined) return { kind: "command", command, rest: others };
  if (second === "" || second.startsWith("-")) return { kind: "group", group: first, commands, rest: argv.slice(1) };
  const words = commands.map(({ name }) => name.slice(first.length + 1));
  const nearest = nearestName(second, words);
  const hint = nearest === null ? `there are ${words.join(", ")}` : `did you mean ${first} ${nearest}?`;
  throw new OrchestratorError("usage", `there is no command ${first} ${second}; ${hint}`);
}

function unknown(typed: string, table: readonly CommandSpec[]): OrchestratorError {
  if (typed.startsWith("-")) {
    return new OrchestratorError(
      "usage",
      `${typed} stands before the command; write ${programName} <command> ${typed} …`,
    );
  }
  const asSecondWord = table.find(({ name }) => name.endsWith(` ${typed}`));
  const nearest =
    asSecondWord?.name ?? nearestName(typed, [...new Set(table.map(({ name }) => name.split(" ")[0] ?? name))]);
  const hint = nearest === null ? `see ${programName} --help` : `did you mean ${nearest}?`;
  return new OrchestratorError("usage", `there is no command ${typed}; ${hint}`);
}
