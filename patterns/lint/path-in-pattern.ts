import type { Node } from "oxc-parser";

const depthMax = 10;

/**
 * The members by which a name takes its value in a pattern: `["stdout", "write"]` for `w` in `{ stdout: { write: w } }`, none for a name
 * that stands alone. Null where the pattern does not say, as in a list or a rest.
 */
export function pathInPattern(pattern: Node, name: string, depth = depthMax): readonly string[] | null {
  if (pattern.type === "Identifier") return pattern.name === name ? [] : null;
  if (pattern.type !== "ObjectPattern" || depth === 0) return null;
  for (const property of pattern.properties) {
    if (property.type !== "Property" || property.computed) continue;
    const { key, value } = property;
    const rest = pathInPattern(value, name, depth - 1);
    if (rest === null) continue;
    if (key.type === "Identifier") return [key.name, ...rest];
    return key.type === "Literal" && typeof key.value === "string" ? [key.value, ...rest] : null;
  }
  return null;
}
