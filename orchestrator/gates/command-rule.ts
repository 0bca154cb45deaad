import type { CommandPrefix, Policy } from "../schema/policy.ts";

/**
 * True when the argument vector is one that the policy lists, word for word, with nothing after it but plain names: paths in
 * the workspace, or names of scripts. An option, a URL or a path that leads out must be listed itself, so no argument turns
 * an allowed program into another one. A shell, or a program named by its path, is refused unless the policy names it as such.
 */
export function isCommandAllowed(policy: Pick<Policy, "commands">, argv: readonly string[]): boolean {
  return policy.commands.some((command) => allows(command, argv));
}

/**
 * The commands that both lists allow. Each is listed once, and none that a shorter one allows already.
 */
export function meetCommands(left: readonly CommandPrefix[], right: readonly CommandPrefix[]): CommandPrefix[] {
  const allowedByBoth = [
    ...left.filter((command) => right.some((other) => allows(other, command))),
    ...right.filter((command) => left.some((other) => allows(other, command))),
  ];
  const needed = allowedByBoth.filter((command) => !allowedByBoth.some((other) => isShorter(other, command)));
  const byText = new Map(needed.map((command) => [JSON.stringify(command), command]));
  return [...byText].sort(([first], [second]) => (first < second ? -1 : 1)).map(([, command]) => command);
}

function allows(command: CommandPrefix, argv: readonly string[]): boolean {
  return (
    command.length > 0 &&
    command.every((word, index) => argv[index] === word && !word.includes("\0")) &&
    argv.slice(command.length).every(isPlainName)
  );
}

function isShorter(command: CommandPrefix, other: CommandPrefix): boolean {
  return command.length < other.length && allows(command, other);
}

/** The name of a script, such as `test:unit`. */
const scriptName = /^[\p{L}\p{N}_.][\p{L}\p{N}_.-]*(?::[\p{L}\p{N}_.-]+)*$/u;
/** A relative path, or a glob of such. A colon would make it a URL, an equals sign a setting, an at sign a list of arguments. */
const relativePath = /^(?:\.\/)?[\p{L}\p{M}\p{N}_.*?{},()[\]+!~ -]+(?:\/[\p{L}\p{M}\p{N}_.*?{},()[\]+!~@ -]+)*\/?$/u;

function isPlainName(word: string): boolean {
  if (word.length > 4096 || /^[-~!+ ]/.test(word)) return false;
  if (word.split("/").some((name) => /^\.\.+$/.test(name) || /^\.(?:git|runs)$/i.test(name))) return false;
  return scriptName.test(word) || relativePath.test(word);
}
