import type { Node } from "oxc-parser";

/** The names that a binding pattern, or the left side of an assignment, gives a value to. Members (`a.b = …`) give none. */
export function patternNames(pattern: Node): readonly string[] {
  const names: string[] = [];
  const open: (Node | null)[] = [pattern];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === null) continue;
    if (node.type === "Identifier") names.push(node.name);
    else open.push(...partsOf(node));
  }
  return names;
}

function partsOf(node: Node): readonly (Node | null)[] {
  switch (node.type) {
    case "ObjectPattern":
      return node.properties;
    case "ArrayPattern":
      return node.elements;
    case "Property":
      return [node.value];
    case "AssignmentPattern":
      return [node.left];
    case "RestElement":
      return [node.argument];
    case "TSParameterProperty":
      return [node.parameter];
    case "ParenthesizedExpression":
    case "TSAsExpression":
    case "TSNonNullExpression":
    case "TSSatisfiesExpression":
    case "TSTypeAssertion":
      return [node.expression];
    default:
      return [];
  }
}
