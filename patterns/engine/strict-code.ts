import type { Refusal } from "./codemod.ts";
import { patternNames } from "./pattern-names.ts";
import { resolveName } from "./scope.ts";
import type { SourceFile } from "./source-file.ts";

/** The first place that gives a value to a name which is declared nowhere: strict code fails there. Null where there is none. */
export function undeclaredWrite(source: SourceFile): Refusal | null {
  const targets = [
    ...source.nodesOfType("AssignmentExpression").map(({ node, scope }) => ({ target: node.left, scope })),
    ...source.nodesOfType("ForInStatement").map(({ node, scope }) => ({ target: node.left, scope })),
    ...source.nodesOfType("ForOfStatement").map(({ node, scope }) => ({ target: node.left, scope })),
  ];
  for (const { target, scope } of targets) {
    const name = patternNames(target).find((each) => resolveName(scope, each).kind !== "bound");
    if (name !== undefined) return { at: target.start, reason: `${name} is given a value, and declared nowhere` };
  }
  return null;
}
