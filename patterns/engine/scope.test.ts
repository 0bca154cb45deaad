import { expect, test } from "vitest";
import { parseSource } from "./parse-source.ts";
import { resolveName } from "./scope.ts";

/** What `name` means at the identifier `here`: the kind of its declarations with the type of the scope, or how it is free. */
function meaning(text: string, path = "a.ts"): string {
  const parsed = parseSource(path, text);
  if (!parsed.ok) throw new Error(parsed.reason);
  const here = parsed.source.nodesOfType("Identifier").find(({ node }) => node.name === "here");
  if (here === undefined) throw new Error("the text has no identifier `here`");
  const resolution = resolveName(here.scope, "name");
  if (resolution.kind !== "bound") return resolution.kind;
  const { declarations, scope } = resolution.binding;
  return `${declarations.map(({ kind }) => kind).join("+")} in ${scope.node.type}`;
}

test.each([
  ["here;", "free"],
  ["import name from 'x'; here;", "import in Program"],
  ["import { a as name } from 'x'; here;", "import in Program"],
  ["import { name as a } from 'x'; here;", "free"],
  ["import * as name from 'x'; here;", "import in Program"],
  ["import type name from 'x'; here;", "free"],
  ["import { type name } from 'x'; here;", "free"],
  ["import name = require('x'); here;", "import in Program"],
  ["const { a: { name = 1 }, ...b } = c; here;", "const in Program"],
  ["const { a, ...name } = c; here;", "const in Program"],
  ["const [, [name]] = c; here;", "const in Program"],
  ["const { name: a } = c; here;", "free"],
  ["here; { let name; }", "free"],
  ["{ here; let name; }", "let in BlockStatement"],
  ["here; { var name; }", "var in Program"],
  ["() => { if (a) { here; } for (var name of b); }", "var in ArrowFunctionExpression"],
  ["for (let name = here; ;);", "let in ForStatement"],
  ["for (let name in a) here;", "let in ForInStatement"],
  ["for (let name in a); here;", "free"],
  ["function f(name) { here; }", "parameter in FunctionDeclaration"],
  ["function f(a = here, name) { }", "parameter in FunctionDeclaration"],
  ["function f(name) { } here;", "free"],
  ["function f(name: string): void; here;", "free"],
  ["class A { b(name) { here; } }", "parameter in FunctionExpression"],
  ["class A { constructor(readonly name: string) { here; } }", "parameter in FunctionExpression"],
  ["class A { name = here; }", "free"],
  ["class A { static { var name; } } here;", "free"],
  ["class name extends here { }", "class in ClassDeclaration"],
  ["(class name { a = here; });", "class in ClassExpression"],
  ["(class name { }); here;", "free"],
  ["(function name() { here; });", "function in FunctionExpression"],
  ["(function name(name) { here; });", "function+parameter in FunctionExpression"],
  ["here; function name() { }", "function in Program"],
  ["try { } catch ({ name }) { here; }", "catch in CatchClause"],
  ["try { } catch { here; }", "free"],
  ["switch (a) { case 1: let name; default: here; }", "let in SwitchStatement"],
  ["enum name { a } here;", "enum in Program"],
  ["enum A { name, b = here }", "enum in TSEnumDeclaration"],
  ["namespace name { } here;", "namespace in Program"],
  ["namespace a { var name; here; }", "var in TSModuleBlock"],
  ["namespace a { var name; } here;", "free"],
  ["interface name { } type name2 = 1; here;", "free"],
  ["declare const name: 1; here;", "free"],
  ["declare function name(): 1; here;", "free"],
  ["declare class name { } here;", "free"],
  ["declare namespace name { } here;", "free"],
  ["declare global { var name: 1; } here;", "free"],
  ["function f<name>() { here; }", "free"],
  ["type F = (name: string) => typeof here;", "free"],
  ["var name; var name; here;", "var+var in Program"],
  ["{ using name = a; here; }", "using in BlockStatement"],
])("%s: %s", (text, expected) => {
  expect(meaning(text)).toBe(expected);
});

test("outside of strict code a function in a block is a variable of the function around it", () => {
  expect(meaning("{ function name() { } } here;", "a.js")).toBe("function in Program");
  expect(meaning("{ function name() { } } here; export {};", "a.js")).toBe("free");
});

test("with and a sloppy direct eval hide what a name means, but not what they enclose declares", () => {
  expect(meaning("var name; with (a) here;", "a.js")).toBe("unknown");
  expect(meaning("with (a) { let name; here; }", "a.js")).toBe("let in BlockStatement");
  expect(meaning("var name; (() => { eval(a); here; })", "a.js")).toBe("unknown");
  expect(meaning("var name; (() => { if (b) eval(a); }); here;", "a.js")).toBe("var in Program");
  expect(meaning("(() => { eval(a); here; })", "a.mjs")).toBe("free");
  expect(meaning("(() => { b.eval(a); here; })", "a.js")).toBe("free");
});

test("names that are written to are known, however they are written to", () => {
  const parsed = parseSource(
    "a.js",
    "a = 1; b += 1; c++; [d, { e, f: g, ...h }] = i; for (j of k); for (l in m); n.o = 1; (p) = 1;",
  );
  if (!parsed.ok) throw new Error(parsed.reason);
  expect([...parsed.source.assignedNames()].sort()).toEqual(["a", "b", "c", "d", "e", "g", "h", "j", "l", "p"]);
});
