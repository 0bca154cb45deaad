import type { NodeOfType } from "../engine/located.ts";

/** The name of the member that an expression asks for, also by `["name"]`; null where it is computed, or private. */
export function staticName({ computed, property }: NodeOfType<"MemberExpression">): string | null {
  if (!computed) return property.type === "Identifier" ? property.name : null;
  return property.type === "Literal" && typeof property.value === "string" ? property.value : null;
}

/** The name of a variable, or of the member that an expression ends in: `bus` of `this.services.bus` and `this.#bus`. Null for anything else. */
export function lastName(node: { readonly type: string }): string | null {
  if (isMember(node)) return node.property.type === "PrivateIdentifier" ? node.property.name : staticName(node);
  if (isPrivate(node)) return node.name;
  return isIdentifier(node) ? node.name : null;
}

function isMember(node: { readonly type: string }): node is NodeOfType<"MemberExpression"> {
  return node.type === "MemberExpression";
}

function isIdentifier(node: { readonly type: string }): node is NodeOfType<"Identifier"> {
  return node.type === "Identifier";
}

function isPrivate(node: { readonly type: string }): node is NodeOfType<"PrivateIdentifier"> {
  return node.type === "PrivateIdentifier";
}
