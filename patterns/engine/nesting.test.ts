import { expect, test } from "vitest";
import { isNestedTooDeeply } from "./nesting.ts";
import { parseSource } from "./parse-source.ts";

const constructs: readonly (readonly [string, (depth: number) => string])[] = [
  ["brackets", (depth) => `${"(".repeat(depth)}1${")".repeat(depth)}`],
  ["brackets left open", (depth) => "[".repeat(depth)],
  ["arrays", (depth) => `${"[".repeat(depth)}${"]".repeat(depth)}`],
  ["objects", (depth) => `x=${"{a:".repeat(depth)}1${"}".repeat(depth)}`],
  ["blocks", (depth) => `${"{".repeat(depth)}${"}".repeat(depth)}`],
  ["functions", (depth) => `${"function f(){".repeat(depth)}${"}".repeat(depth)}`],
  ["templates", (depth) => `${"`${".repeat(depth)}1${"}`".repeat(depth)}`],
  ["sums", (depth) => `x=${"1+".repeat(depth)}1`],
  ["sums over lines", (depth) => `x=${"1 +\n".repeat(depth)}1`],
  ["powers", (depth) => `x=${"2**".repeat(depth)}1`],
  ["assignments", (depth) => `${"a=".repeat(depth)}1`],
  ["conditions", (depth) => `${"a?b:".repeat(depth)}1`],
  ["calls", (depth) => `a${".b()".repeat(depth)}`],
  ["calls over lines", (depth) => `a${"\n.b().c(1).d".repeat(depth)}`],
  ["arrows", (depth) => `${"a=>".repeat(depth)}1`],
  ["negations", (depth) => `${"!".repeat(depth)}1`],
  ["typeof", (depth) => `${"typeof ".repeat(depth)}1`],
  ["new", (depth) => `${"new ".repeat(depth)}a`],
  ["labels", (depth) => `${Array.from({ length: depth }, (_, at) => `a${at}:`).join("")}1`],
  ["else if", (depth) => `${"if(a)b\nelse ".repeat(depth)}c`],
  ["if", (depth) => `${"if(a)".repeat(depth)}c`],
  ["elements", (depth) => `${"<a>".repeat(depth)}${"</a>".repeat(depth)}`],
  ["tagged templates", (depth) => `a${"``".repeat(depth)}`],
];

test.each(constructs)("%s: nested 100,000 deep they are refused before the parser sees them", (_, build) => {
  expect(isNestedTooDeeply(build(100_000))).toBe(true);
  expect(parseSource("a.jsx", build(100_000))).toEqual({ ok: false, reason: "nested too deeply to be parsed safely" });
});

test.each(constructs)("%s: the deepest that are let through do not end the process", (_, build) => {
  let depth = 1;
  for (let step = 4096; step >= 1; step /= 2) if (!isNestedTooDeeply(build(depth + step))) depth += step;
  expect(depth).toBeGreaterThan(100);
  const parsed = parseSource("a.jsx", build(depth));
  expect(parsed.ok || parsed.reason.startsWith("parse error")).toBe(true);
});

test("types nest as well", () => {
  expect(isNestedTooDeeply(`type A = ${"B<".repeat(5000)}1${">".repeat(5000)}`)).toBe(true);
  expect(parseSource("a.ts", `type A = ${"B<".repeat(600)}1${">".repeat(600)}`).ok).toBe(true);
});

test("long texts that are flat are no matter", () => {
  const lines = "call(a.b, [1, 2], { c: 'd' }).then((e) => e + 1)\n".repeat(20_000);
  expect(isNestedTooDeeply(lines)).toBe(false);
  expect(isNestedTooDeeply(`[${"{ a: 1, b: '((((' },\n".repeat(20_000)}]`)).toBe(false);
  expect(isNestedTooDeeply(`/* ${"(".repeat(9000)} */ // ${"(".repeat(9000)}\n"${"(".repeat(9000)}\\"'"`)).toBe(false);
  expect(isNestedTooDeeply("x = 'a' + \\\n".repeat(10))).toBe(false);
});

test("a text that ends anywhere is read to its end", () => {
  for (const text of ["'", '"\\', "/*", "//", "`", "\\", "", "(", "'a\n'"]) expect(isNestedTooDeeply(text)).toBe(false);
});
