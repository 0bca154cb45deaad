import type { Precondition } from "./codemod.ts";

/**
 * Holds where the oldest Node that the package admits (`engines.node`) is at least `version`. A package that does not say which
 * Node it needs does not meet it.
 */
export function needsNode(version: `${number}.${number}`): Precondition {
  return ({ packageJson }) => {
    const range = memberOf(packageJson?.["engines"], "node");
    const oldest = typeof range === "string" ? oldestAdmitted(range) : null;
    if (oldest === null) return `needs Node ${version}, and no engines.node in package.json says so`;
    return compare(oldest, numbersOf(version)) >= 0
      ? null
      : `needs Node ${version}, and package.json admits ${oldest.join(".")}`;
  };
}

/** Holds where package.json names the package among its dependencies of any kind. */
export function needsDependency(name: string): Precondition {
  return ({ packageJson }) => {
    const isNamed = dependencyFields.some((field) => typeof memberOf(packageJson?.[field], name) === "string");
    return isNamed ? null : `needs ${name}, and no package.json names it as a dependency`;
  };
}

const dependencyFields = ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"] as const;

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** The lowest version that a range admits, or null for a range that this does not read. */
function oldestAdmitted(range: string): readonly number[] | null {
  const bounds = range.split("||").map(lowerBound);
  return bounds.reduce((lowest, bound) =>
    lowest === null || bound === null ? null : compare(bound, lowest) < 0 ? bound : lowest,
  );
}

/** The highest of the lower bounds that hold together; an upper bound alone admits every version below it. */
function lowerBound(comparators: string): readonly number[] | null {
  const words = comparators
    .replaceAll(/([<>=^~])\s+/g, "$1")
    .replace(/\s-\s\S+/, "")
    .trim()
    .split(/\s+/);
  let lowest: readonly number[] = [0];
  for (const word of words) {
    const [, operator = "", version = ""] = /^(<=?|>=?|[=^~v]*)((?:\d+|[xX*])(?:\.(?:\d+|[xX*]))*)$/.exec(word) ?? [];
    if (version === "") return null;
    const bound = operator.startsWith("<") ? [0] : numbersOf(version);
    if (compare(bound, lowest) > 0) lowest = bound;
  }
  return lowest;
}

function numbersOf(version: string): readonly number[] {
  return version.split(".").map((part) => Number(part) || 0);
}

function compare(left: readonly number[], right: readonly number[]): number {
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
