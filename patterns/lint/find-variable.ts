import type { LintScope, LintVariable } from "./lint-rule.ts";

/**
 * What a name means at a place: a variable of the file, `host` for a name that the file neither declares nor writes to, `written` for one
 * that it writes to without declaring it, `unknown` within reach of `with`.
 */
export type FoundVariable = LintVariable | "host" | "written" | "unknown";

/** Finds what a name means in a scope. */
export function findVariable(name: string, scope: LintScope): FoundVariable {
  let top = scope;
  for (let at: LintScope | null = scope; at !== null; at = at.upper) {
    if (at.type === "with") return "unknown";
    const variable = at.set.get(name);
    // What only the linter's configuration knows has no definition; `declare const` tells of what the host has.
    if (variable?.defs.some(({ node, parent }) => !isAmbient(node) && !isAmbient(parent)) === true) return variable;
    if (variable?.references.some((reference) => reference.isWrite()) === true) return "written";
    top = at;
  }
  const isWritten = top.through.some((reference) => reference.identifier.name === name && reference.isWrite());
  return isWritten ? "written" : "host";
}

function isAmbient(node: unknown): boolean {
  return typeof node === "object" && node !== null && "declare" in node && node.declare === true;
}
