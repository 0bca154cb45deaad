import type { CommandPrefix, Policy } from "../schema/policy.ts";

/**
 * True when the argument vector begins with a prefix that the policy lists, word for word. So a shell, or a program
 * named by its path, is refused unless the policy names it as such.
 */
export function isCommandAllowed(policy: Pick<Policy, "commands">, argv: readonly string[]): boolean {
  if (argv.some((word) => word.includes("\0"))) return false;
  return policy.commands.some((prefix) => isPrefix(prefix, argv));
}

/**
 * The prefixes of the commands that both lists allow. Each is listed once, and none that a shorter one allows
 * already.
 */
export function meetCommands(left: readonly CommandPrefix[], right: readonly CommandPrefix[]): CommandPrefix[] {
  const allowedByBoth = [
    ...left.filter((prefix) => right.some((other) => isPrefix(other, prefix))),
    ...right.filter((prefix) => left.some((other) => isPrefix(other, prefix))),
  ];
  const needed = allowedByBoth.filter((prefix) => !allowedByBoth.some((other) => isShorterPrefix(other, prefix)));
  const byText = new Map(needed.map((prefix) => [JSON.stringify(prefix), prefix]));
  return [...byText].sort(([first], [second]) => (first < second ? -1 : 1)).map(([, prefix]) => prefix);
}

function isPrefix(prefix: CommandPrefix, argv: readonly string[]): boolean {
  return prefix.length > 0 && prefix.every((word, index) => argv[index] === word);
}

function isShorterPrefix(prefix: CommandPrefix, other: CommandPrefix): boolean {
  return prefix.length < other.length && isPrefix(prefix, other);
}
