import type { Node } from "oxc-parser";
import type { Splice } from "./codemod.ts";
import type { Located, SourceFile } from "./source-file.ts";

/** Puts a text before what stands at an offset. */
export function insertion(at: number, text: string): Splice {
  return { start: at, end: at, text };
}

/** The text of a node as it is written. */
export function textOf(node: Node, text: string): string {
  return text.slice(node.start, node.end);
}

/** True where a piece of text is nothing but spaces, line ends and the characters given. A comment is more. */
export function isBare(text: string, start: number, end: number, characters = ""): boolean {
  return [...text.slice(start, end)].every((each) => /\s/.test(each) || characters.includes(each));
}

/** Which falsy value an expression has makes no difference where it stands: it is tested, negated, or thrown away. */
export function isTested(located: Located): boolean {
  const { parent } = located;
  if (parent === null) return false;
  const { node } = parent;
  switch (node.type) {
    case "ExpressionStatement":
      return true;
    case "IfStatement":
    case "WhileStatement":
    case "DoWhileStatement":
    case "ForStatement":
      return node.test === located.node || (node.type === "ForStatement" && node.update === located.node);
    case "ConditionalExpression":
      return node.test === located.node || isTested(parent);
    case "UnaryExpression":
      return node.operator === "!" || node.operator === "void";
    case "LogicalExpression":
      if (node.operator === "??") return false;
      return (node.operator === "||" && node.left === located.node) || isTested(parent);
    case "ParenthesizedExpression":
    case "ChainExpression":
      return isTested(parent);
    default:
      return false;
  }
}

/** True for an expression that keeps its meaning as an operand of anything, without brackets around it. */
export function isOperand(node: Node): boolean {
  return operands.has(node.type);
}

const operands: ReadonlySet<string> = new Set([
  "ArrayExpression",
  "CallExpression",
  "Identifier",
  "Literal",
  "MemberExpression",
  "ParenthesizedExpression",
  "TemplateLiteral",
  "ThisExpression",
] satisfies Node["type"][]);

/** True where any expression but a sequence can stand in place of the node, without brackets around it. */
export function takesAnyOperator({ node, parent }: Located): boolean {
  if (parent === null) return false;
  const outer = parent.node;
  switch (outer.type) {
    case "ArrowFunctionExpression":
      return outer.body === node;
    case "AssignmentExpression":
      return outer.right === node;
    case "AssignmentPattern":
      return outer.right === node;
    case "CallExpression":
    case "NewExpression":
      return outer.arguments.some((each) => each === node);
    case "MemberExpression":
      return outer.computed && outer.property === node;
    case "Property":
    case "PropertyDefinition":
      return outer.value === node;
    default:
      return anyOperatorTakers.has(outer.type);
  }
}

const anyOperatorTakers: ReadonlySet<string> = new Set([
  "ArrayExpression",
  "DoWhileStatement",
  "IfStatement",
  "JSXExpressionContainer",
  "ParenthesizedExpression",
  "ReturnStatement",
  "SwitchCase",
  "SwitchStatement",
  "TemplateLiteral",
  "ThrowStatement",
  "VariableDeclarator",
  "WhileStatement",
] satisfies Node["type"][]);

/** True where the node is the first token of a statement or of an arrow's body, so that `{` or `function` would be misread. */
export function beginsStatement(located: Located): boolean {
  const { start } = located.node;
  for (let at = located.parent; at !== null && at.node.start <= start; at = at.parent) {
    const { node } = at;
    if (node.type === "ExpressionStatement") return node.start === start;
    if (node.type === "ArrowFunctionExpression") return node.body.start === start;
  }
  return false;
}

/** True where a bracket can open a statement at an offset without being read as a call of what stands before. */
export function canOpenStatement(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 1000), at).trimEnd();
  return before === "" ? at < 1000 : /[;{]$/.test(before) && !/\/\/[^\r\n]*$/.test(before);
}

/** True where computing an expression may do something: it calls, waits or writes, but for the `pure` parts and functions that it only makes. */
export function mayHaveEffects(source: SourceFile, expression: Node, pure: ReadonlySet<Node> = new Set()): boolean {
  return effects.some((type) =>
    source.nodesOfType(type).some((located) => {
      if (pure.has(located.node)) return false;
      if (located.node.start < expression.start || located.node.end > expression.end) return false;
      for (let at = located.parent; at !== null && at.node.start >= expression.start; at = at.parent) {
        if (at.node.end <= expression.end && /Function/.test(at.node.type)) return false;
      }
      return true;
    }),
  );
}

const effects = [
  "AssignmentExpression",
  "AwaitExpression",
  "CallExpression",
  "ImportExpression",
  "NewExpression",
  "TaggedTemplateExpression",
  "UpdateExpression",
  "YieldExpression",
] as const satisfies readonly Node["type"][];

/** True for a name or `this`: reading it twice is as good as reading it once. */
export function isReadTwiceSafely(node: Node): boolean {
  return node.type === "Identifier" || node.type === "ThisExpression";
}

/** True where the node is given a value, deleted, or counted up. */
export function isWriteTarget({ node, parent }: Located): boolean {
  if (parent === null) return false;
  const outer = parent.node;
  if (outer.type === "AssignmentExpression") return outer.left === node;
  if (outer.type === "UpdateExpression") return true;
  if (outer.type === "UnaryExpression") return outer.operator === "delete";
  if (outer.type === "ForInStatement" || outer.type === "ForOfStatement") return outer.left === node;
  if (outer.type === "Property") return parent.parent?.node.type === "ObjectPattern" && outer.value === node;
  if (outer.type === "AssignmentPattern") return outer.left === node;
  return outer.type === "ArrayPattern" || outer.type === "RestElement";
}
